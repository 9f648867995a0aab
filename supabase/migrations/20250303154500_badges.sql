-- Badges, and who has earned which.
--
-- Partner: packages/db/migrations/004_badges.sql, the same tables without roles and policies.

CREATE TABLE public.badges (
    code             VARCHAR(40) NOT NULL,
    name             VARCHAR(120) NOT NULL,
    description      TEXT NOT NULL DEFAULT '',
    icon_url         TEXT,
    tier             SMALLINT NOT NULL DEFAULT 1,
    points_threshold INTEGER,
    criteria         JSONB NOT NULL DEFAULT '{}',
    is_secret        BOOLEAN NOT NULL DEFAULT false,
    created_at       TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at       TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT badges_pkey PRIMARY KEY (code),
    CONSTRAINT badges_tier_in_range CHECK (tier BETWEEN 1 AND 5),
    CONSTRAINT badges_points_threshold_is_positive CHECK (points_threshold > 0),
    CONSTRAINT badges_criteria_is_object CHECK (jsonb_typeof(criteria) = 'object')
);

CREATE TABLE public.earned_badges (
    user_id       TEXT NOT NULL,
    badge_code    VARCHAR(40) NOT NULL,
    earned_at     TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    awarded_by_id TEXT,

    CONSTRAINT earned_badges_pkey PRIMARY KEY (user_id, badge_code),
    CONSTRAINT earned_badges_user_id_fkey
        FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT earned_badges_badge_code_fkey
        FOREIGN KEY (badge_code) REFERENCES public.badges (code) ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT earned_badges_awarded_by_id_fkey
        FOREIGN KEY (awarded_by_id) REFERENCES public.users (id) ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT earned_badges_not_awarded_to_oneself CHECK (awarded_by_id <> user_id)
);
CREATE INDEX earned_badges_badge_code_idx ON public.earned_badges (badge_code);
CREATE INDEX earned_badges_awarded_by_id_idx ON public.earned_badges (awarded_by_id);

CREATE TRIGGER badges_touch_updated_at
    BEFORE UPDATE ON public.badges
    FOR EACH ROW EXECUTE FUNCTION private.touch_updated_at();

-- Badges ------------------------------------------------------------------------------------------------

ALTER TABLE public.badges ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.badges FROM anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.badges TO authenticated, service_role;
-- The public site shows what there is to earn, but not how: it would spoil the game.
GRANT SELECT (code, name, description, icon_url, tier) ON TABLE public.badges TO anon;

CREATE POLICY badges_select_anon ON public.badges
    FOR SELECT TO anon
    USING (NOT is_secret);

CREATE POLICY badges_select ON public.badges
    FOR SELECT TO authenticated
    USING (
        NOT is_secret
        OR (SELECT private.is_admin())
        OR EXISTS (
            SELECT
            FROM public.earned_badges AS earned
            WHERE earned.badge_code = badges.code AND earned.user_id = (SELECT private.get_user_id())
        )
    );

CREATE POLICY badges_insert_admin ON public.badges
    FOR INSERT TO authenticated
    WITH CHECK ((SELECT private.is_admin()));

CREATE POLICY badges_update_admin ON public.badges
    FOR UPDATE TO authenticated
    USING ((SELECT private.is_admin()))
    WITH CHECK ((SELECT private.is_admin()));

CREATE POLICY badges_delete_admin ON public.badges
    FOR DELETE TO authenticated
    USING ((SELECT private.is_admin()));

-- Earned badges -----------------------------------------------------------------------------------------

ALTER TABLE public.earned_badges ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.earned_badges FROM anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.earned_badges TO service_role;
GRANT SELECT, DELETE ON TABLE public.earned_badges TO authenticated;
GRANT INSERT (user_id, badge_code, awarded_by_id) ON TABLE public.earned_badges TO authenticated;

-- Who sees a profile sees its badges: the policies of "users" apply in here.
CREATE POLICY earned_badges_select ON public.earned_badges
    FOR SELECT TO authenticated
    USING (
        EXISTS (
            SELECT
            FROM public.users AS holder
            WHERE holder.id = earned_badges.user_id
        )
    );

CREATE POLICY earned_badges_insert_admin ON public.earned_badges
    FOR INSERT TO authenticated
    WITH CHECK ((SELECT private.is_admin()) AND awarded_by_id = (SELECT private.get_user_id()));

CREATE POLICY earned_badges_delete_admin ON public.earned_badges
    FOR DELETE TO authenticated
    USING ((SELECT private.is_admin()));
