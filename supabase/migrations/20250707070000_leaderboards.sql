-- Leaderboards and figures of activities, kept as materialized views.
--
-- Partner: packages/db/migrations/010_leaderboards.sql, which has the column and the index.

ALTER TABLE public.users ADD COLUMN deactivated_at TIMESTAMPTZ(3);

CREATE INDEX points_ledger_created_at_idx ON public.points_ledger USING BRIN (created_at);

-- Row level security does not apply to a materialized view: whoever may read it reads all of it. So users
-- may not, and see of it what the functions below show them. The unique indexes are what REFRESH …
-- CONCURRENTLY needs.
CREATE MATERIALIZED VIEW public.leaderboard_totals AS
SELECT
    entry.user_id,
    sum(entry.delta) AS points,
    rank() OVER (ORDER BY sum(entry.delta) DESC) AS rank,
    max(entry.created_at) AS last_entry_at
FROM public.points_ledger AS entry
JOIN public.users AS account ON account.id = entry.user_id
WHERE account.deactivated_at IS NULL
GROUP BY entry.user_id;
CREATE UNIQUE INDEX leaderboard_totals_user_id_key ON public.leaderboard_totals (user_id);
CREATE INDEX leaderboard_totals_rank_idx ON public.leaderboard_totals (rank);

-- The thirty days end when it is refreshed.
CREATE MATERIALIZED VIEW public.leaderboard_30d AS
SELECT
    entry.user_id,
    sum(entry.delta) AS points,
    rank() OVER (ORDER BY sum(entry.delta) DESC) AS rank,
    max(entry.created_at) AS last_entry_at
FROM public.points_ledger AS entry
JOIN public.users AS account ON account.id = entry.user_id
WHERE account.deactivated_at IS NULL
  AND entry.created_at >= now() - INTERVAL '30 days'
GROUP BY entry.user_id;
CREATE UNIQUE INDEX leaderboard_30d_user_id_key ON public.leaderboard_30d (user_id);
CREATE INDEX leaderboard_30d_rank_idx ON public.leaderboard_30d (rank);

CREATE MATERIALIZED VIEW public.activity_metrics AS
SELECT
    activity.code AS activity_code,
    count(submission.id) AS submissions,
    count(DISTINCT submission.user_id) AS participants,
    count(*) FILTER (WHERE submission.status = 'PENDING') AS pending,
    count(*) FILTER (WHERE submission.status = 'APPROVED') AS approved,
    count(*) FILTER (WHERE submission.status = 'REJECTED') AS rejected,
    coalesce(sum(submission.points_awarded), 0) AS points_awarded,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY submission.reviewed_at - submission.submitted_at)
        AS median_review_time
FROM public.activities AS activity
LEFT JOIN public.submissions AS submission
    ON submission.activity_code = activity.code AND submission.status <> 'DRAFT'
GROUP BY activity.code;
CREATE UNIQUE INDEX activity_metrics_activity_code_key ON public.activity_metrics (activity_code);

REVOKE ALL ON TABLE public.leaderboard_totals, public.leaderboard_30d, public.activity_metrics
    FROM anon, authenticated, service_role;
GRANT SELECT ON TABLE public.leaderboard_totals, public.leaderboard_30d, public.activity_metrics
    TO service_role;

-- Only the owner may refresh a materialized view, so this runs as its owner, for the scheduled job alone.
-- CONCURRENTLY, so that nobody who looks at a leaderboard has to wait.
CREATE FUNCTION public.refresh_leaderboards() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    REFRESH MATERIALIZED VIEW CONCURRENTLY public.leaderboard_totals;
    REFRESH MATERIALIZED VIEW CONCURRENTLY public.leaderboard_30d;
    REFRESH MATERIALIZED VIEW CONCURRENTLY public.activity_metrics;
END
$$;
REVOKE ALL ON FUNCTION public.refresh_leaderboards() FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.refresh_leaderboards() TO service_role;

-- Names are looked up when the leaderboard is read: a profile that was made private is gone at once. Its
-- owner still sees their own place.
CREATE FUNCTION private.get_leaderboard(recent boolean, max_rows integer)
RETURNS TABLE (rank bigint, user_id text, handle text, name text, avatar_url text, points bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT board.rank, account.id, account.handle::text, account.name::text, account.avatar_url, board.points
    FROM (
        SELECT totals.user_id, totals.points, totals.rank
        FROM public.leaderboard_totals AS totals
        WHERE recent IS NOT TRUE
        UNION ALL
        SELECT last_30d.user_id, last_30d.points, last_30d.rank
        FROM public.leaderboard_30d AS last_30d
        WHERE recent
    ) AS board
    JOIN public.users AS account ON account.id = board.user_id
    WHERE account.deactivated_at IS NULL
      AND (account.visibility = 'PUBLIC' OR account.id = private.get_user_id())
    ORDER BY board.rank, account.handle
    LIMIT least(max_rows, 100)
$$;
REVOKE ALL ON FUNCTION private.get_leaderboard(boolean, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION private.get_leaderboard(boolean, integer) TO authenticated;

CREATE FUNCTION public.get_leaderboard(recent boolean DEFAULT false, max_rows integer DEFAULT 25)
RETURNS TABLE (rank bigint, user_id text, handle text, name text, avatar_url text, points bigint)
LANGUAGE sql STABLE SET search_path = ''
AS $$
    SELECT * FROM private.get_leaderboard(recent, max_rows)
$$;
REVOKE ALL ON FUNCTION public.get_leaderboard(boolean, integer) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.get_leaderboard(boolean, integer) TO authenticated;

-- Figures over everybody's submissions are for those who may see everybody's submissions.
CREATE FUNCTION private.get_activity_metrics() RETURNS SETOF public.activity_metrics
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT metrics.*
    FROM public.activity_metrics AS metrics
    WHERE (SELECT private.is_reviewer())
    ORDER BY metrics.activity_code
$$;
REVOKE ALL ON FUNCTION private.get_activity_metrics() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION private.get_activity_metrics() TO authenticated;

CREATE FUNCTION public.get_activity_metrics() RETURNS SETOF public.activity_metrics
LANGUAGE sql STABLE SET search_path = ''
AS $$
    SELECT * FROM private.get_activity_metrics()
$$;
REVOKE ALL ON FUNCTION public.get_activity_metrics() FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.get_activity_metrics() TO authenticated;
