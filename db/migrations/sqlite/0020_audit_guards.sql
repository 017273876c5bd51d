-- What CHECK and UNIQUE cannot say about the audit chain. The message of each RAISE is the constraint's name.
CREATE TRIGGER `audit_entries_append_only_update` BEFORE UPDATE ON `audit_entries`
BEGIN SELECT RAISE(ABORT, 'audit_entries_append_only'); END;
--> statement-breakpoint
CREATE TRIGGER `audit_entries_append_only_delete` BEFORE DELETE ON `audit_entries`
BEGIN SELECT RAISE(ABORT, 'audit_entries_append_only'); END;
--> statement-breakpoint
-- A row is added behind the last one and on its hash, or not at all.
CREATE TRIGGER `audit_entries_one_chain` BEFORE INSERT ON `audit_entries`
WHEN NEW.`position` <> 1 + (SELECT coalesce(max(`position`), 0) FROM `audit_entries`)
  OR NEW.`prev_hash` <> coalesce((SELECT `hash` FROM `audit_entries` WHERE `position` = NEW.`position` - 1),
    '0000000000000000000000000000000000000000000000000000000000000000')
BEGIN SELECT RAISE(ABORT, 'audit_entries_one_chain'); END;
--> statement-breakpoint
CREATE TRIGGER `audit_checkpoints_append_only_update` BEFORE UPDATE ON `audit_checkpoints`
BEGIN SELECT RAISE(ABORT, 'audit_checkpoints_append_only'); END;
--> statement-breakpoint
CREATE TRIGGER `audit_checkpoints_append_only_delete` BEFORE DELETE ON `audit_checkpoints`
BEGIN SELECT RAISE(ABORT, 'audit_checkpoints_append_only'); END;
