CREATE TABLE `audit` (
	`n` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at_ms` integer NOT NULL,
	`by` text NOT NULL,
	`action` text NOT NULL,
	`target` text,
	`detail` text
);
--> statement-breakpoint
CREATE INDEX `audit_by` ON `audit` (`by`,`n`);--> statement-breakpoint
CREATE INDEX `audit_action` ON `audit` (`action`,`n`);--> statement-breakpoint
CREATE INDEX `audit_target` ON `audit` (`target`,`n`);--> statement-breakpoint
CREATE TABLE `person` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`issuer` text,
	`subject` text,
	`password_hash` text,
	`roles` text NOT NULL,
	`created_ms` integer NOT NULL,
	`created_by` text NOT NULL,
	`disabled_ms` integer,
	`version` integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `person_name` ON `person` (`name`);--> statement-breakpoint
CREATE UNIQUE INDEX `person_subject` ON `person` (`issuer`,`subject`);--> statement-breakpoint
CREATE TABLE `session` (
	`digest` text PRIMARY KEY NOT NULL,
	`person` text NOT NULL,
	`created_ms` integer NOT NULL,
	`last_seen_ms` integer NOT NULL,
	`expires_ms` integer NOT NULL,
	`csrf` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `session_person` ON `session` (`person`);--> statement-breakpoint
CREATE INDEX `session_expires` ON `session` (`expires_ms`);--> statement-breakpoint
CREATE TABLE `alert` (
	`n` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`kind` text NOT NULL,
	`subject` text NOT NULL,
	`severity` text NOT NULL,
	`words` text NOT NULL,
	`href` text NOT NULL,
	`opened_ms` integer NOT NULL,
	`ended_ms` integer,
	`reminders` integer DEFAULT 0 NOT NULL,
	`remind_ms` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `alert_standing` ON `alert` (`kind`,`subject`) WHERE ended_ms is null;--> statement-breakpoint
CREATE TABLE `alert_delivery` (
	`alert` integer NOT NULL,
	`moment` text NOT NULL,
	`round` integer NOT NULL,
	`way` text NOT NULL,
	`due_ms` integer NOT NULL,
	`message` integer,
	PRIMARY KEY(`alert`, `moment`, `round`, `way`)
);
--> statement-breakpoint
CREATE INDEX `alert_delivery_due` ON `alert_delivery` (`way`,`due_ms`) WHERE message is null;--> statement-breakpoint
CREATE INDEX `alert_delivery_message` ON `alert_delivery` (`message`);--> statement-breakpoint
CREATE TABLE `alert_message` (
	`n` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`way` text NOT NULL,
	`content` text NOT NULL,
	`created_ms` integer NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`next_ms` integer NOT NULL,
	`delivered_ms` integer,
	`given_up_ms` integer,
	`failure` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `alert_message_id_unique` ON `alert_message` (`id`);--> statement-breakpoint
CREATE INDEX `alert_message_due` ON `alert_message` (`next_ms`) WHERE delivered_ms is null and given_up_ms is null;--> statement-breakpoint
CREATE TABLE `alert_rules` (
	`version` integer PRIMARY KEY NOT NULL,
	`rules` text NOT NULL,
	`published_ms` integer NOT NULL,
	`by` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `difference` (
	`n` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`kind` text NOT NULL,
	`subject` text NOT NULL,
	`detail` text NOT NULL,
	`found_ms` integer NOT NULL,
	`repaired_ms` integer
);
--> statement-breakpoint
CREATE INDEX `difference_standing` ON `difference` (`kind`,`subject`) WHERE repaired_ms is null;--> statement-breakpoint
CREATE TABLE `quality_day` (
	`day` text NOT NULL,
	`measure` text NOT NULL,
	`part` text NOT NULL,
	`count` real NOT NULL,
	`of` real NOT NULL,
	PRIMARY KEY(`measure`, `part`, `day`)
);
--> statement-breakpoint
CREATE INDEX `quality_day_day` ON `quality_day` (`day`);--> statement-breakpoint
CREATE TABLE `exception` (
	`n` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`fingerprint` text NOT NULL,
	`store` text NOT NULL,
	`business_day` text NOT NULL,
	`kind` text NOT NULL,
	`severity` text NOT NULL,
	`source` text,
	`epoch` integer,
	`seq` integer,
	`currency` text,
	`amount_minor` integer,
	`evidence` text NOT NULL,
	`state` text NOT NULL,
	`assignee` text,
	`explained_by` text,
	`opened_ms` integer NOT NULL,
	`changed_ms` integer NOT NULL,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `exception_fingerprint` ON `exception` (`fingerprint`);--> statement-breakpoint
CREATE INDEX `exception_day` ON `exception` (`store`,`business_day`);--> statement-breakpoint
CREATE INDEX `exception_work` ON `exception` (`severity`,`opened_ms`) WHERE state in ('open', 'explained');--> statement-breakpoint
CREATE INDEX `exception_state` ON `exception` (`state`,`n`);--> statement-breakpoint
CREATE TABLE `exception_entry` (
	`n` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`exception` integer NOT NULL,
	`at_ms` integer NOT NULL,
	`by` text NOT NULL,
	`action` text NOT NULL,
	`note` text,
	`evidence` text
);
--> statement-breakpoint
CREATE INDEX `exception_entry_of` ON `exception_entry` (`exception`,`n`);--> statement-breakpoint
CREATE TABLE `reconciliation` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `settlement_file` (
	`n` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`sha256` text NOT NULL,
	`name` text NOT NULL,
	`shape` text NOT NULL,
	`lines` integer NOT NULL,
	`imported_ms` integer NOT NULL,
	`imported_by` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `settlement_file_sha256_unique` ON `settlement_file` (`sha256`);--> statement-breakpoint
CREATE TABLE `settlement_line` (
	`file` integer NOT NULL,
	`line` integer NOT NULL,
	`store` text NOT NULL,
	`business_day` text NOT NULL,
	`batch` text,
	`reference` text NOT NULL,
	`currency` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`fee_minor` integer,
	`at_ms` integer,
	PRIMARY KEY(`file`, `line`)
);
--> statement-breakpoint
CREATE INDEX `settlement_line_day` ON `settlement_line` (`store`,`business_day`);--> statement-breakpoint
CREATE INDEX `settlement_line_reference` ON `settlement_line` (`reference`);--> statement-breakpoint
CREATE TABLE `store_day` (
	`store` text NOT NULL,
	`business_day` text NOT NULL,
	`state` text NOT NULL,
	`since_ms` integer NOT NULL,
	`dirty_ms` integer,
	`dirty_count` integer DEFAULT 0 NOT NULL,
	`checked_ms` integer,
	`zone` text,
	`waiting` text DEFAULT '[]' NOT NULL,
	`figures` text DEFAULT '{}' NOT NULL,
	`open_exceptions` integer DEFAULT 0 NOT NULL,
	`worst` text,
	PRIMARY KEY(`store`, `business_day`)
);
--> statement-breakpoint
CREATE INDEX `store_day_by_day` ON `store_day` (`business_day`,`store`);--> statement-breakpoint
CREATE INDEX `store_day_dirty` ON `store_day` (`dirty_ms`) WHERE dirty_ms is not null;--> statement-breakpoint
CREATE INDEX `store_day_unfinished` ON `store_day` (`business_day`) WHERE state <> 'complete';--> statement-breakpoint
CREATE INDEX `event_day` ON `event` (`store`,`business_day`,`source`,`epoch`,`seq`);