CREATE TABLE `__new_unit` (
	`n` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`own_key` text NOT NULL,
	`first` text NOT NULL,
	`first_record` text NOT NULL,
	`customer` text NOT NULL,
	`component` text NOT NULL,
	`keys` text NOT NULL,
	`nobody` text NOT NULL,
	`tags` text NOT NULL,
	`features` text NOT NULL
);
--> statement-breakpoint
INSERT INTO `__new_unit` (`id`, `own_key`, `first`, `first_record`, `customer`, `component`, `keys`, `nobody`, `tags`, `features`) SELECT `id`, `own_key`, `first`, `first_record`, `customer`, `component`, `keys`, `nobody`, `tags`, `features` FROM `unit`;--> statement-breakpoint
DROP TABLE `unit`;--> statement-breakpoint
ALTER TABLE `__new_unit` RENAME TO `unit`;--> statement-breakpoint
CREATE UNIQUE INDEX `unit_id_unique` ON `unit` (`id`);--> statement-breakpoint
CREATE INDEX `unit_component` ON `unit` (`component`);--> statement-breakpoint
CREATE INDEX `unit_own_key` ON `unit` (`own_key`);--> statement-breakpoint
CREATE INDEX `unit_customer` ON `unit` (`customer`);--> statement-breakpoint
CREATE TABLE `__new_unit_block` (
	`block` integer NOT NULL,
	`unit` integer NOT NULL,
	PRIMARY KEY(`block`, `unit`)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `__new_unit_block` (`block`, `unit`) SELECT b.`block`, u.`n` FROM `unit_block` b JOIN `unit` u ON u.`id` = b.`unit`;--> statement-breakpoint
DROP TABLE `unit_block`;--> statement-breakpoint
ALTER TABLE `__new_unit_block` RENAME TO `unit_block`;--> statement-breakpoint
CREATE TABLE `__new_unit_key` (
	`key` text NOT NULL,
	`unit` integer NOT NULL,
	PRIMARY KEY(`key`, `unit`)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `__new_unit_key` (`key`, `unit`) SELECT k.`key`, u.`n` FROM `unit_key` k JOIN `unit` u ON u.`id` = k.`unit`;--> statement-breakpoint
DROP TABLE `unit_key`;--> statement-breakpoint
ALTER TABLE `__new_unit_key` RENAME TO `unit_key`;--> statement-breakpoint
DROP TABLE `record_key`;--> statement-breakpoint
CREATE TABLE `__new_golden_history` (
	`customer` text NOT NULL,
	`version` integer NOT NULL,
	`at_ms` integer NOT NULL,
	`digest` text NOT NULL,
	`golden` text NOT NULL,
	`cause` text,
	PRIMARY KEY(`customer`, `version`)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `__new_golden_history` (`customer`, `version`, `at_ms`, `digest`, `golden`, `cause`) SELECT `customer`, `version`, `at_ms`, `digest`, `golden`, `cause` FROM `golden_history`;--> statement-breakpoint
DROP TABLE `golden_history`;--> statement-breakpoint
ALTER TABLE `__new_golden_history` RENAME TO `golden_history`;--> statement-breakpoint
CREATE TABLE `__new_link` (
	`a` text NOT NULL,
	`b` text NOT NULL,
	`kind` text NOT NULL,
	`by` text NOT NULL,
	`weight` real,
	`created_ms` integer NOT NULL,
	PRIMARY KEY(`a`, `b`)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `__new_link` (`a`, `b`, `kind`, `by`, `weight`, `created_ms`) SELECT `a`, `b`, `kind`, `by`, `weight`, `created_ms` FROM `link`;--> statement-breakpoint
DROP TABLE `link`;--> statement-breakpoint
ALTER TABLE `__new_link` RENAME TO `link`;--> statement-breakpoint
CREATE INDEX `link_b` ON `link` (`b`);--> statement-breakpoint
ALTER TABLE `source_record` DROP COLUMN `first`;--> statement-breakpoint
DROP INDEX `event_record`;--> statement-breakpoint
DROP INDEX `event_receipt`;--> statement-breakpoint
ALTER TABLE `event` ADD `key_tail` text GENERATED ALWAYS AS (substr(key, -8)) VIRTUAL;--> statement-breakpoint
CREATE INDEX `event_record` ON `event` (`source`,`epoch`,`key_tail`,`seq`) WHERE key is not null;--> statement-breakpoint
CREATE INDEX `event_receipt` ON `event` (`receipt`) WHERE receipt is not null;--> statement-breakpoint
ALTER TABLE `customer` ADD `sales` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `event` ADD `tenders` text;--> statement-breakpoint
ALTER TABLE `event` ADD `stamp_ahead_ms` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `event` ADD `stamp_counter` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE `customer` SET `sales` = coalesce((select sum(t.value ->> '$.sales') from json_each(customer.activity, '$.totals') t), 0) WHERE activity is not null;--> statement-breakpoint
UPDATE `event` SET `tenders` = (select case when count(*) = 0 then null else json_group_array(json_object('type', t.value ->> '$.type', 'reference', t.value ->> '$.reference')) end from json_each(event.body, '$.body.tenders') t where t.value ->> '$.type' = 'loyalty' or t.value ->> '$.reference' is not null) WHERE kind in ('sale', 'return', 'void', 'adjustment') and json_valid(body);--> statement-breakpoint
UPDATE `event` SET `stamp_ahead_ms` = (select (instr('0123456789abcdef', substr(stamp, 1, 1)) - 1) * 17592186044416 + (instr('0123456789abcdef', substr(stamp, 2, 1)) - 1) * 1099511627776 + (instr('0123456789abcdef', substr(stamp, 3, 1)) - 1) * 68719476736 + (instr('0123456789abcdef', substr(stamp, 4, 1)) - 1) * 4294967296 + (instr('0123456789abcdef', substr(stamp, 5, 1)) - 1) * 268435456 + (instr('0123456789abcdef', substr(stamp, 6, 1)) - 1) * 16777216 + (instr('0123456789abcdef', substr(stamp, 7, 1)) - 1) * 1048576 + (instr('0123456789abcdef', substr(stamp, 8, 1)) - 1) * 65536 + (instr('0123456789abcdef', substr(stamp, 9, 1)) - 1) * 4096 + (instr('0123456789abcdef', substr(stamp, 10, 1)) - 1) * 256 + (instr('0123456789abcdef', substr(stamp, 11, 1)) - 1) * 16 + (instr('0123456789abcdef', substr(stamp, 12, 1)) - 1) * 1 - event.at_ms from (select event.body ->> '$.stamp' as stamp)), `stamp_counter` = (select (instr('0123456789abcdef', substr(stamp, 14, 1)) - 1) * 4096 + (instr('0123456789abcdef', substr(stamp, 15, 1)) - 1) * 256 + (instr('0123456789abcdef', substr(stamp, 16, 1)) - 1) * 16 + (instr('0123456789abcdef', substr(stamp, 17, 1)) - 1) * 1 from (select event.body ->> '$.stamp' as stamp)) WHERE kind is not null and at_ms is not null and json_valid(body);
