CREATE TABLE `override` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`field` text NOT NULL,
	`fragment` text NOT NULL,
	`value` text,
	`event` text,
	`stamp` text NOT NULL,
	`by` text NOT NULL,
	`at_ms` integer NOT NULL,
	`undone_ms` integer
);
--> statement-breakpoint
CREATE INDEX `override_fragment` ON `override` (`fragment`) WHERE undone_ms is null;--> statement-breakpoint
CREATE TABLE `policy` (
	`version` integer PRIMARY KEY NOT NULL,
	`policy` text NOT NULL,
	`published_ms` integer NOT NULL,
	`by` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `policy_run` (
	`version` integer PRIMARY KEY NOT NULL,
	`last_customer` text NOT NULL,
	`done` integer NOT NULL,
	`changed` integer NOT NULL,
	`started_ms` integer NOT NULL,
	`finished_ms` integer
);
--> statement-breakpoint
ALTER TABLE `golden_history` ADD `cause` text;