-- Rules that access depends on, and the indexes of what others may see.
--
-- Partner: supabase/migrations/20250818130000_access_hardening.sql, where privileges and policies are
-- tightened.

-- CreateIndex
CREATE INDEX "users_visibility_name_idx" ON "users"("visibility", "name");

-- CreateIndex
CREATE INDEX "submissions_visibility_created_at_idx" ON "submissions"("visibility", "created_at" DESC);

-- The id is the name of the user's folder in storage. With a slash in it, it would name a folder inside
-- somebody else's.
ALTER TABLE "users"
    ADD CONSTRAINT "users_id_is_a_folder_name" CHECK (id <> '' AND strpos(id, '/') = 0);
