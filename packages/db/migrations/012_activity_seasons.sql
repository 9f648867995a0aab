-- Activities have a season in which work can be handed in, and can be promoted by more points.
--
-- Partner: supabase/migrations/20250922094500_activity_seasons.sql, where `review_submission` learns to
-- multiply.

-- AlterTable
ALTER TABLE "activities" ADD COLUMN     "closes_on" DATE,
ADD COLUMN     "opens_on" DATE,
ADD COLUMN     "points_multiplier" DECIMAL(4,2) NOT NULL DEFAULT 1.00;

ALTER TABLE "activities"
    ADD CONSTRAINT "activities_closes_after_it_opens" CHECK (closes_on >= opens_on),
    ADD CONSTRAINT "activities_points_multiplier_in_range" CHECK (points_multiplier BETWEEN 0 AND 10);

-- Runs after the row is written, when the time of handing in is set. Work that comes back after changes was
-- handed in before: it is not too late.
CREATE FUNCTION private.check_activity_season() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
DECLARE
    day date := NEW.submitted_at AT TIME ZONE 'UTC';
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.status <> 'DRAFT' THEN
        RETURN NULL;
    END IF;
    PERFORM
    FROM public.activities AS activity
    WHERE activity.code = NEW.activity_code
      AND activity.is_active
      AND day BETWEEN coalesce(activity.opens_on, '-infinity') AND coalesce(activity.closes_on, 'infinity');
    IF NOT FOUND THEN
        RAISE EXCEPTION 'activity % takes no submissions on %', NEW.activity_code, day
            USING ERRCODE = 'check_violation', CONSTRAINT = 'submissions_in_season';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER submissions_check_season
    AFTER INSERT OR UPDATE OF status ON "submissions"
    FOR EACH ROW
    WHEN (NEW.status = 'PENDING')
    EXECUTE FUNCTION private.check_activity_season();
