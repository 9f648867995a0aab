-- Activities have a season in which work can be handed in, and can be promoted by more points.
--
-- Partner: packages/db/migrations/012_activity_seasons.sql, the same columns and trigger without
-- `review_submission`.

ALTER TABLE public.activities
    ADD COLUMN closes_on DATE,
    ADD COLUMN opens_on DATE,
    ADD COLUMN points_multiplier DECIMAL(4, 2) NOT NULL DEFAULT 1.00,
    ADD CONSTRAINT activities_closes_after_it_opens CHECK (closes_on >= opens_on),
    ADD CONSTRAINT activities_points_multiplier_in_range CHECK (points_multiplier BETWEEN 0 AND 10);

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
    AFTER INSERT OR UPDATE OF status ON public.submissions
    FOR EACH ROW
    WHEN (NEW.status = 'PENDING')
    EXECUTE FUNCTION private.check_activity_season();

-- As before, except that the default points are multiplied. What a reviewer gives is given as it is.
CREATE OR REPLACE FUNCTION private.review_submission(
    target_id uuid,
    decision public.submission_status,
    comment text,
    points integer
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    me text := private.get_user_id();
    target public.submissions;
    earned integer;
BEGIN
    IF NOT private.is_reviewer() THEN
        RAISE EXCEPTION 'only reviewers decide on submissions' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF decision IS NULL OR decision NOT IN ('CHANGES_REQUESTED', 'APPROVED', 'REJECTED') THEN
        RAISE EXCEPTION '% is no decision', decision USING ERRCODE = 'invalid_parameter_value';
    END IF;

    -- Two reviewers decide one after the other, and the second one finds nothing to decide.
    SELECT * INTO target
    FROM public.submissions AS submission
    WHERE submission.id = target_id AND submission.status = 'PENDING'
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no submission % to decide on', target_id USING ERRCODE = 'no_data_found';
    END IF;

    IF decision = 'APPROVED' THEN
        SELECT coalesce(points, least(round(activity.default_points * activity.points_multiplier), 1000))
        INTO earned
        FROM public.activities AS activity
        WHERE activity.code = target.activity_code;
    END IF;

    -- That the reviewer is not the author is a constraint of the table.
    UPDATE public.submissions
    SET status = decision, reviewer_id = me, review_comment = comment, points_awarded = earned
    WHERE id = target_id;

    IF earned > 0 THEN
        INSERT INTO public.points_ledger (user_id, source, delta, activity_code, submission_id, recorded_by_id)
        VALUES (target.user_id, 'FORM', earned, target.activity_code, target_id, me);
    END IF;

    INSERT INTO public.audit_log (actor_id, action, entity, entity_id, details)
    VALUES (
        me,
        'submission.reviewed',
        'submissions',
        target_id::text,
        jsonb_build_object('decision', decision, 'points', earned)
    );
END
$$;
