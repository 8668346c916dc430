CREATE TABLE `desk_job` (
	`n` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`cause` text NOT NULL,
	`ask` text NOT NULL,
	`state` text NOT NULL,
	`next` text,
	`replayed` integer DEFAULT 0 NOT NULL,
	`kept` integer DEFAULT 0 NOT NULL,
	`reasons` text DEFAULT '{}' NOT NULL,
	`failure` text,
	`by` text NOT NULL,
	`started_ms` integer NOT NULL,
	`changed_ms` integer NOT NULL,
	`finished_ms` integer
);
--> statement-breakpoint
CREATE INDEX `desk_job_cause` ON `desk_job` (`cause`,`n`);--> statement-breakpoint
CREATE UNIQUE INDEX `desk_job_running` ON `desk_job` (`cause`) WHERE state = 'running';--> statement-breakpoint
CREATE TABLE `policy_try` (
	`n` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`kind` text NOT NULL,
	`digest` text NOT NULL,
	`policy` text NOT NULL,
	`base` integer NOT NULL,
	`state` text NOT NULL,
	`cursor` text DEFAULT '' NOT NULL,
	`done` integer DEFAULT 0 NOT NULL,
	`total` integer DEFAULT 0 NOT NULL,
	`tally` text DEFAULT '{}' NOT NULL,
	`by` text NOT NULL,
	`started_ms` integer NOT NULL,
	`finished_ms` integer,
	`published_ms` integer
);
--> statement-breakpoint
CREATE INDEX `policy_try_running` ON `policy_try` (`n`) WHERE state = 'running';--> statement-breakpoint
CREATE INDEX `policy_try_kind` ON `policy_try` (`kind`,`n`);--> statement-breakpoint
CREATE TABLE `quality_mark` (
	`source` text NOT NULL,
	`epoch` integer NOT NULL,
	`seq` integer NOT NULL,
	PRIMARY KEY(`source`, `epoch`)
);
--> statement-breakpoint
CREATE TABLE `quality_pending` (
	`source` text NOT NULL,
	`epoch` integer NOT NULL,
	`seq` integer NOT NULL,
	`day` text NOT NULL,
	`channel` text NOT NULL,
	`kind` text,
	PRIMARY KEY(`source`, `epoch`, `seq`)
);
--> statement-breakpoint
CREATE TABLE `quality_policy` (
	`version` integer PRIMARY KEY NOT NULL,
	`at_ms` integer NOT NULL,
	`policy` text NOT NULL,
	`by` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `audit` (
	`n` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at_ms` integer NOT NULL,
	`by` text NOT NULL,
	`action` text NOT NULL,
	`target` text,
	`detail` text
);
--> statement-breakpoint
CREATE INDEX `audit_at` ON `audit` (`at_ms`);--> statement-breakpoint
CREATE INDEX `audit_by` ON `audit` (`by`,`at_ms`);--> statement-breakpoint
CREATE INDEX `audit_action` ON `audit` (`action`,`at_ms`);--> statement-breakpoint
CREATE INDEX `audit_by_action` ON `audit` (`by`,`action`,`at_ms`);--> statement-breakpoint
CREATE INDEX `audit_target` ON `audit` (`target`,`at_ms`);--> statement-breakpoint
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
CREATE UNIQUE INDEX `person_name` ON `person` (`name`) WHERE "password_hash" is not null;--> statement-breakpoint
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
CREATE INDEX `exception_by_day` ON `exception` (`business_day`,`store`);--> statement-breakpoint
CREATE INDEX `exception_kind` ON `exception` (`kind`,`n`);--> statement-breakpoint
CREATE INDEX `exception_assignee` ON `exception` (`assignee`,`n`) WHERE assignee is not null;--> statement-breakpoint
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
	`known` integer NOT NULL,
	`skipped` integer NOT NULL,
	`currency` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`fee_minor` integer NOT NULL,
	`first_day` text,
	`last_day` text,
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
CREATE INDEX `settlement_line_day` ON `settlement_line` (`store`,`business_day`,`currency`,`amount_minor`,`fee_minor`);--> statement-breakpoint
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
CREATE TABLE `potential` (
	`one` text NOT NULL,
	`two` text NOT NULL,
	`rank` integer NOT NULL,
	`evidence` integer NOT NULL,
	`weight` real,
	`reasons` integer NOT NULL,
	`record_one` text NOT NULL,
	`record_two` text NOT NULL,
	PRIMARY KEY(`one`, `two`)
);
--> statement-breakpoint
CREATE INDEX `potential_rank` ON `potential` (`rank`,`one`,`two`);--> statement-breakpoint
CREATE INDEX `potential_two` ON `potential` (`two`);--> statement-breakpoint
ALTER TABLE `event` ADD `refers` text GENERATED ALWAYS AS (case when kind not in ('return', 'void') or not json_valid(body) then null when kind = 'return' then body ->> '$.body.original' else body ->> '$.body.voids' end) VIRTUAL;--> statement-breakpoint
ALTER TABLE `event` ADD `first_epoch` integer GENERATED ALWAYS AS (case when kind is null or not json_valid(body) then epoch else coalesce(body ->> '$.resealed.epoch', epoch) end) VIRTUAL;--> statement-breakpoint
ALTER TABLE `event` ADD `first_seq` integer GENERATED ALWAYS AS (case when kind is null or not json_valid(body) then seq else coalesce(body ->> '$.resealed.seq', seq) end) VIRTUAL;--> statement-breakpoint
CREATE INDEX `event_day` ON `event` (`store`,`business_day`,`source`,`epoch`,`seq`);--> statement-breakpoint
CREATE INDEX `event_receipt` ON `event` (`receipt`,`source`,`epoch`,`seq`) WHERE receipt is not null;--> statement-breakpoint
CREATE INDEX `event_refers` ON `event` (`refers`) WHERE kind in ('return', 'void');--> statement-breakpoint
CREATE INDEX `event_ends` ON `event` (`store`,`kind`,`business_day`) WHERE kind in ('close', 'seal');--> statement-breakpoint
CREATE INDEX `event_z` ON `event` (`source`,`kind`,`first_epoch`,`first_seq`) WHERE kind in ('close', 'seal');--> statement-breakpoint
CREATE INDEX `refusal_standing_b` ON `refusal` (`b`) WHERE resolved_ms is null;--> statement-breakpoint
CREATE INDEX `steward_decision_by` ON `steward_decision` (`decided_by`,`n`);