-- What was claimed and given back since a moment, for the seal.
CREATE INDEX "assignment_log_recorded" ON "assignment_log" USING brin ("recorded_at") WITH (pages_per_range = 16);
