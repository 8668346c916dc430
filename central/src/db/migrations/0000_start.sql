CREATE TABLE `assignment` (
	`key` text NOT NULL,
	`from_customer` text NOT NULL,
	`to_customer` text NOT NULL,
	PRIMARY KEY(`key`, `from_customer`)
);
--> statement-breakpoint
CREATE TABLE `customer` (
	`id` text PRIMARY KEY NOT NULL,
	`redirect_to` text,
	`version` integer NOT NULL,
	`digest` text,
	`as_of` text,
	`updated_ms` integer NOT NULL,
	`golden` text,
	`activity` text
);
--> statement-breakpoint
CREATE INDEX `customer_redirect` ON `customer` (`redirect_to`);--> statement-breakpoint
CREATE INDEX `customer_active` ON `customer` (`as_of`,`id`) WHERE redirect_to is null;--> statement-breakpoint
CREATE TABLE `event` (
	`source` text NOT NULL,
	`epoch` integer NOT NULL,
	`seq` integer NOT NULL,
	`store` text NOT NULL,
	`kind` text,
	`key` text,
	`business_day` text,
	`at_ms` integer,
	`accepted_ms` integer NOT NULL,
	`received_ms` integer NOT NULL,
	`currency` text,
	`total_minor` integer,
	`receipt` text,
	`external_id` text,
	`flags` text NOT NULL,
	`quarantined` text,
	`prev` text NOT NULL,
	`hash` text NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`source`, `epoch`, `seq`)
);
--> statement-breakpoint
CREATE INDEX `event_books` ON `event` (`store`,`kind`,`currency`,`total_minor`);--> statement-breakpoint
CREATE INDEX `event_anonymous` ON `event` (`kind`) WHERE key is null and quarantined is null;--> statement-breakpoint
CREATE INDEX `event_quarantined` ON `event` (`source`,`epoch`) WHERE quarantined is not null;--> statement-breakpoint
CREATE TABLE `feed` (
	`n` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`type` text NOT NULL,
	`customer` text NOT NULL,
	`previous` text,
	`at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `golden_history` (
	`customer` text NOT NULL,
	`version` integer NOT NULL,
	`at_ms` integer NOT NULL,
	`digest` text NOT NULL,
	`golden` text NOT NULL,
	PRIMARY KEY(`customer`, `version`)
);
--> statement-breakpoint
CREATE TABLE `intake_problem` (
	`n` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`source` text NOT NULL,
	`epoch` integer NOT NULL,
	`code` text NOT NULL,
	`item` text NOT NULL,
	`hash` text NOT NULL,
	`received_ms` integer NOT NULL,
	`payload` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `intake_problem_item` ON `intake_problem` (`source`,`epoch`,`code`,`item`,`hash`);--> statement-breakpoint
CREATE TABLE `link` (
	`key` text NOT NULL,
	`record_a` text NOT NULL,
	`record_b` text NOT NULL,
	`kind` text NOT NULL,
	`created_ms` integer NOT NULL,
	PRIMARY KEY(`key`, `record_a`, `record_b`)
);
--> statement-breakpoint
CREATE INDEX `link_record_b` ON `link` (`record_b`);--> statement-breakpoint
CREATE TABLE `publication` (
	`n` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`target` text NOT NULL,
	`payload` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `publication_target` ON `publication` (`target`);--> statement-breakpoint
CREATE TABLE `record_key` (
	`key` text NOT NULL,
	`record` text NOT NULL,
	PRIMARY KEY(`key`, `record`)
);
--> statement-breakpoint
CREATE TABLE `source_record` (
	`id` text PRIMARY KEY NOT NULL,
	`source` text NOT NULL,
	`epoch` integer NOT NULL,
	`key` text NOT NULL,
	`seq` integer NOT NULL,
	`clock` integer NOT NULL,
	`customer` text NOT NULL,
	`received_ms` integer NOT NULL,
	`sha256` text NOT NULL,
	`contribution` text NOT NULL,
	`state` blob NOT NULL
);
--> statement-breakpoint
CREATE INDEX `source_record_customer` ON `source_record` (`customer`);--> statement-breakpoint
CREATE TABLE `writer` (
	`source` text NOT NULL,
	`epoch` integer NOT NULL,
	`store` text NOT NULL,
	`zone` text,
	`journaled` integer NOT NULL,
	`head_hash` text NOT NULL,
	`golden` integer NOT NULL,
	`published` integer NOT NULL,
	`last_seen_ms` integer NOT NULL,
	PRIMARY KEY(`source`, `epoch`)
);
--> statement-breakpoint
CREATE INDEX `writer_store` ON `writer` (`store`);