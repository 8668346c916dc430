DROP TABLE `assignment`;--> statement-breakpoint
DROP TABLE `link`;--> statement-breakpoint
ALTER TABLE `feed` ADD `records` text;--> statement-breakpoint
ALTER TABLE `source_record` ADD `unit` text;--> statement-breakpoint
ALTER TABLE `source_record` ADD `first` text;--> statement-breakpoint
ALTER TABLE `source_record` ADD `placed` text;--> statement-breakpoint
CREATE INDEX `source_record_unit` ON `source_record` (`unit`);--> statement-breakpoint
CREATE TABLE `blocked_key` (
	`key` text NOT NULL,
	`unit` text NOT NULL,
	PRIMARY KEY(`key`, `unit`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `link` (
	`a` text NOT NULL,
	`b` text NOT NULL,
	`kind` text NOT NULL,
	`by` text NOT NULL,
	`weight` real,
	`created_ms` integer NOT NULL,
	PRIMARY KEY(`a`, `b`)
);
--> statement-breakpoint
CREATE INDEX `link_b` ON `link` (`b`);--> statement-breakpoint
CREATE TABLE `matching_policy` (
	`version` integer PRIMARY KEY NOT NULL,
	`at_ms` integer NOT NULL,
	`policy` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `pair` (
	`a` text NOT NULL,
	`b` text NOT NULL,
	`weight` real NOT NULL,
	PRIMARY KEY(`a`, `b`)
);
--> statement-breakpoint
CREATE INDEX `pair_b` ON `pair` (`b`);--> statement-breakpoint
CREATE INDEX `pair_weight` ON `pair` (`weight`);--> statement-breakpoint
CREATE TABLE `refusal` (
	`n` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`reason` text NOT NULL,
	`a` text NOT NULL,
	`b` text NOT NULL,
	`kind` text NOT NULL,
	`by` text NOT NULL,
	`weight` real,
	`record_a` text NOT NULL,
	`record_b` text NOT NULL,
	`at_ms` integer NOT NULL,
	`resolved_ms` integer
);
--> statement-breakpoint
CREATE INDEX `refusal_standing` ON `refusal` (`a`) WHERE resolved_ms is null;--> statement-breakpoint
CREATE TABLE `resolution` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `steward_decision` (
	`n` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`a` text NOT NULL,
	`b` text NOT NULL,
	`request` text NOT NULL,
	`decided_by` text NOT NULL,
	`note` text,
	`at_ms` integer NOT NULL,
	`undone_ms` integer,
	`undone_by` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `steward_decision_id_unique` ON `steward_decision` (`id`);--> statement-breakpoint
CREATE TABLE `steward_side` (
	`record` text NOT NULL,
	`decision` text NOT NULL,
	`side` integer NOT NULL,
	PRIMARY KEY(`record`, `decision`, `side`)
);
--> statement-breakpoint
CREATE INDEX `steward_side_decision` ON `steward_side` (`decision`);--> statement-breakpoint
CREATE TABLE `unit` (
	`id` text PRIMARY KEY NOT NULL,
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
CREATE INDEX `unit_component` ON `unit` (`component`);--> statement-breakpoint
CREATE INDEX `unit_own_key` ON `unit` (`own_key`,`first`,`first_record`);--> statement-breakpoint
CREATE INDEX `unit_customer` ON `unit` (`customer`);--> statement-breakpoint
CREATE TABLE `unit_block` (
	`block` integer NOT NULL,
	`unit` text NOT NULL,
	PRIMARY KEY(`block`, `unit`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `unit_key` (
	`key` text NOT NULL,
	`unit` text NOT NULL,
	PRIMARY KEY(`key`, `unit`)
) WITHOUT ROWID;
