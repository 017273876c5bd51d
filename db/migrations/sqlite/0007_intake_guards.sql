-- What CHECK and UNIQUE cannot say about personal data, proofs and documents. The message of each RAISE is the constraint's name.
CREATE TRIGGER `ticket_keys_destroyed_for_good` BEFORE UPDATE ON `ticket_keys` WHEN OLD.`destroyed_at` IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'ticket_keys_destroyed_for_good'); END;
--> statement-breakpoint
CREATE TRIGGER `ticket_keys_kept` BEFORE DELETE ON `ticket_keys`
BEGIN SELECT RAISE(ABORT, 'ticket_keys_kept'); END;
--> statement-breakpoint
CREATE TRIGGER `ticket_keys_legal_hold` BEFORE UPDATE OF `wrapped` ON `ticket_keys`
WHEN NEW.`wrapped` IS NULL AND EXISTS (SELECT 1 FROM `legal_holds` WHERE `ticket_id` = NEW.`ticket_id` AND `lifted_at` IS NULL)
BEGIN SELECT RAISE(ABORT, 'ticket_keys_legal_hold'); END;
--> statement-breakpoint
CREATE TRIGGER `tombstones_append_only_update` BEFORE UPDATE ON `tombstones`
BEGIN SELECT RAISE(ABORT, 'tombstones_append_only'); END;
--> statement-breakpoint
CREATE TRIGGER `tombstones_append_only_delete` BEFORE DELETE ON `tombstones`
BEGIN SELECT RAISE(ABORT, 'tombstones_append_only'); END;
--> statement-breakpoint
CREATE TRIGGER `contacts_forward_only` BEFORE UPDATE ON `contacts` WHEN NEW.`generation` < OLD.`generation`
BEGIN SELECT RAISE(ABORT, 'contacts_forward_only'); END;
--> statement-breakpoint
CREATE TRIGGER `challenges_tries_only_grow` BEFORE UPDATE ON `challenges` WHEN NEW.`tries` < OLD.`tries`
BEGIN SELECT RAISE(ABORT, 'challenges_tries_only_grow'); END;
--> statement-breakpoint
CREATE TRIGGER `challenges_consumed_once` BEFORE UPDATE ON `challenges`
WHEN OLD.`consumed_at` IS NOT NULL AND NEW.`consumed_at` IS NOT OLD.`consumed_at`
BEGIN SELECT RAISE(ABORT, 'challenges_consumed_once'); END;
--> statement-breakpoint
CREATE TRIGGER `challenges_address_fixed` BEFORE UPDATE ON `challenges`
WHEN NEW.`ticket_id` <> OLD.`ticket_id` OR NEW.`channel` <> OLD.`channel` OR NEW.`purpose` <> OLD.`purpose`
  OR NEW.`generation` <> OLD.`generation` OR NEW.`address_index` <> OLD.`address_index`
BEGIN SELECT RAISE(ABORT, 'challenges_address_fixed'); END;
--> statement-breakpoint
CREATE TRIGGER `access_tokens_revoked_for_good` BEFORE UPDATE ON `access_tokens`
WHEN OLD.`revoked_at` IS NOT NULL AND NEW.`revoked_at` IS NOT OLD.`revoked_at`
  OR NEW.`ticket_id` <> OLD.`ticket_id` OR NEW.`purpose` <> OLD.`purpose` OR NEW.`expires_at` > OLD.`expires_at`
BEGIN SELECT RAISE(ABORT, 'access_tokens_revoked_for_good'); END;
--> statement-breakpoint
CREATE TRIGGER `documents_final` BEFORE UPDATE OF `state` ON `documents`
WHEN OLD.`state` IN ('refused', 'erased') AND NEW.`state` <> OLD.`state` AND NEW.`state` <> 'erased'
BEGIN SELECT RAISE(ABORT, 'documents_final'); END;
--> statement-breakpoint
CREATE TRIGGER `documents_evidence_fixed` BEFORE UPDATE ON `documents`
WHEN NEW.`ticket_id` <> OLD.`ticket_id` OR NEW.`sha256` <> OLD.`sha256` OR NEW.`kind` <> OLD.`kind` OR NEW.`uploader_id` <> OLD.`uploader_id`
BEGIN SELECT RAISE(ABORT, 'documents_evidence_fixed'); END;
--> statement-breakpoint
CREATE TRIGGER `dir_replacements_append_only` BEFORE UPDATE ON `dir_replacements`
BEGIN SELECT RAISE(ABORT, 'dir_replacements_append_only'); END;
--> statement-breakpoint
CREATE TRIGGER `tasks_finished_for_good` BEFORE UPDATE ON `tasks` WHEN OLD.`state` = 'done'
BEGIN SELECT RAISE(ABORT, 'tasks_finished_for_good'); END;
--> statement-breakpoint
-- What an approval rests on stays as the officers saw it, from the proposal until the account is changed (D32): only a proof may be taken back, and erasure passes.
CREATE TRIGGER `contacts_fixed_by_approval` BEFORE UPDATE ON `contacts`
WHEN NEW.`sealed` IS NOT NULL
  AND (NEW.`generation` <> OLD.`generation` OR NEW.`sealed` IS NOT OLD.`sealed`
    OR (NEW.`proven_generation` IS NOT NULL AND NEW.`proven_generation` IS NOT OLD.`proven_generation`))
  AND EXISTS (SELECT 1 FROM `tickets` WHERE `id` = NEW.`ticket_id` AND (`maker_id` IS NOT NULL OR `checker_id` IS NOT NULL))
BEGIN SELECT RAISE(ABORT, 'contacts_fixed_by_approval'); END;
--> statement-breakpoint
CREATE TRIGGER `identities_fixed_by_approval` BEFORE UPDATE ON `identities`
WHEN NEW.`sealed` IS NOT NULL AND (NEW.`version` <> OLD.`version` OR NEW.`sealed` IS NOT OLD.`sealed`)
  AND EXISTS (SELECT 1 FROM `tickets` WHERE `id` = NEW.`ticket_id` AND (`maker_id` IS NOT NULL OR `checker_id` IS NOT NULL))
BEGIN SELECT RAISE(ABORT, 'identities_fixed_by_approval'); END;
--> statement-breakpoint
CREATE TRIGGER `matches_fixed_by_approval` BEFORE UPDATE ON `matches`
WHEN (NEW.`participant_id` IS NOT OLD.`participant_id` OR NEW.`identity_version` <> OLD.`identity_version`)
  AND EXISTS (SELECT 1 FROM `tickets` WHERE `id` = NEW.`ticket_id` AND (`maker_id` IS NOT NULL OR `checker_id` IS NOT NULL))
BEGIN SELECT RAISE(ABORT, 'matches_fixed_by_approval'); END;
