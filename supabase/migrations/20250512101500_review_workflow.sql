-- Who decided on a submission, when, with what comment and for how many points; and the function by which
-- reviewers decide.
--
-- Partner: packages/db/migrations/008_review_workflow.sql, the same columns without roles and policies.

ALTER TABLE public.submissions
    ADD COLUMN points_awarded INTEGER,
    ADD COLUMN review_comment VARCHAR(2000),
    ADD COLUMN reviewed_at TIMESTAMPTZ(3),
    ADD COLUMN reviewer_id TEXT,
    ADD CONSTRAINT submissions_reviewer_id_fkey
        FOREIGN KEY (reviewer_id) REFERENCES public.users (id) ON DELETE SET NULL ON UPDATE CASCADE,
    ADD CONSTRAINT submissions_reviewer_is_not_author CHECK (reviewer_id <> user_id),
    ADD CONSTRAINT submissions_points_awarded_in_range CHECK (points_awarded BETWEEN 0 AND 1000),
    ADD CONSTRAINT submissions_points_awarded_on_approval CHECK (points_awarded IS NULL OR status = 'APPROVED');
CREATE INDEX submissions_reviewer_id_idx ON public.submissions (reviewer_id);

-- It was named by hand. By the name that Prisma gives it, it needs no "map" in the schema.
ALTER INDEX public.submissions_queue_idx RENAME TO submissions_status_submitted_at_idx;

-- As before, and work can be returned. When it comes back it joins the end of the queue.
CREATE OR REPLACE FUNCTION private.guard_submission_status() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
        ('DRAFT', 'PENDING'),
        ('DRAFT', 'APPROVED'),
        ('PENDING', 'CHANGES_REQUESTED'),
        ('PENDING', 'APPROVED'),
        ('PENDING', 'REJECTED'),
        ('CHANGES_REQUESTED', 'PENDING')
    ) THEN
        RAISE EXCEPTION 'a submission cannot go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.status <> OLD.status THEN
        IF NEW.status = 'PENDING' THEN
            NEW.submitted_at := now();
        ELSE
            NEW.reviewed_at := now();
        END IF;
    END IF;
    IF NEW.status <> 'DRAFT' THEN
        NEW.submitted_at := coalesce(NEW.submitted_at, now());
    END IF;
    RETURN NEW;
END
$$;

-- The author works on a submission again when it has been returned.
ALTER POLICY submissions_update_own ON public.submissions
    USING (user_id = (SELECT private.get_user_id()) AND status IN ('DRAFT', 'CHANGES_REQUESTED'))
    WITH CHECK (
        user_id = (SELECT private.get_user_id())
        AND status IN ('DRAFT', 'PENDING', 'CHANGES_REQUESTED')
    );

ALTER POLICY submission_attachments_insert_own ON public.submission_attachments
    WITH CHECK (
        owner_id = (SELECT private.get_user_id())
        AND EXISTS (
            SELECT
            FROM public.submissions AS submission
            WHERE submission.id = submission_attachments.submission_id
              AND submission.status IN ('DRAFT', 'CHANGES_REQUESTED')
        )
    );

ALTER POLICY submission_attachments_update_own ON public.submission_attachments
    USING (
        owner_id = (SELECT private.get_user_id())
        AND EXISTS (
            SELECT
            FROM public.submissions AS submission
            WHERE submission.id = submission_attachments.submission_id
              AND submission.status IN ('DRAFT', 'CHANGES_REQUESTED')
        )
    );

ALTER POLICY submission_attachments_delete_own ON public.submission_attachments
    USING (
        owner_id = (SELECT private.get_user_id())
        AND EXISTS (
            SELECT
            FROM public.submissions AS submission
            WHERE submission.id = submission_attachments.submission_id
              AND submission.status IN ('DRAFT', 'CHANGES_REQUESTED')
        )
    );

-- Deciding ----------------------------------------------------------------------------------------------
--
-- Reviewers have no policy for updates: the decision, the ledger and the audit log are written together or
-- not at all.

CREATE FUNCTION private.review_submission(
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
        SELECT coalesce(points, activity.default_points) INTO earned
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
REVOKE ALL ON FUNCTION private.review_submission(uuid, public.submission_status, text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION private.review_submission(uuid, public.submission_status, text, integer)
    TO authenticated;

CREATE FUNCTION public.review_submission(
    submission_id uuid,
    decision public.submission_status,
    comment text DEFAULT NULL,
    points integer DEFAULT NULL
) RETURNS void
LANGUAGE sql SET search_path = ''
AS $$
    SELECT private.review_submission(submission_id, decision, comment, points)
$$;
REVOKE ALL ON FUNCTION public.review_submission(uuid, public.submission_status, text, integer)
    FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.review_submission(uuid, public.submission_status, text, integer)
    TO authenticated;

-- Publishing --------------------------------------------------------------------------------------------
--
-- Authors show and hide their work at any time, also when nothing else of it may change any more.

CREATE FUNCTION private.set_submission_visibility(target_id uuid, new_visibility public.visibility)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    UPDATE public.submissions
    SET visibility = new_visibility
    WHERE id = target_id AND user_id = private.get_user_id();
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no submission % of yours', target_id USING ERRCODE = 'no_data_found';
    END IF;
END
$$;
REVOKE ALL ON FUNCTION private.set_submission_visibility(uuid, public.visibility) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION private.set_submission_visibility(uuid, public.visibility) TO authenticated;

CREATE FUNCTION public.set_submission_visibility(submission_id uuid, new_visibility public.visibility)
RETURNS void
LANGUAGE sql SET search_path = ''
AS $$
    SELECT private.set_submission_visibility(submission_id, new_visibility)
$$;
REVOKE ALL ON FUNCTION public.set_submission_visibility(uuid, public.visibility)
    FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.set_submission_visibility(uuid, public.visibility) TO authenticated;
