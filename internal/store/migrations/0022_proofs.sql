ALTER TABLE proofs ADD COLUMN storage TEXT NOT NULL DEFAULT '';
CREATE INDEX proofs_by_storage ON proofs (storage, id);
