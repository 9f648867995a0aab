-- Who can do what, tried out: every table, by every kind of user.
--
--     psql "$DATABASE_URL" --quiet -v ON_ERROR_STOP=1 -f packages/db/tests/rls_smoke.sql
--
-- Needs a database with all of supabase/migrations, and a connection as "postgres" or whoever else ran them.
-- Everything happens in one transaction that is rolled back, with rows of its own, so other rows may be there:
-- ids of users begin with "smoke_". The first expectation that does not hold ends it with an error; without one,
-- it ends in silence.
--
-- An expectation is a persona, a statement, and what must come of it:
--   rows of a SELECT   their values, sorted and joined by commas; nothing when there are none
--   rows of a write    how many it touched; the write is undone
--   an error           its SQLSTATE: 42501 for a missing privilege as well as for a row that a policy refuses,
--                      23514 for a check or a trigger that checks, 23001 for an append-only table,
--                      23503 and 23505 for keys, P0002 for something that is not there

BEGIN;

-- TRUNCATE would say which tables it cascades to.
SET LOCAL client_min_messages = 'warning';

-- What only newer versions of the platform ask for before rows of storage are deleted.
SET LOCAL storage.allow_delete_query = 'true';

-- The harness ---------------------------------------------------------------------------------------------

CREATE TEMPORARY TABLE persona (name text PRIMARY KEY, role text NOT NULL, claims jsonb NOT NULL);
INSERT INTO persona
SELECT name, role, jsonb_strip_nulls(jsonb_build_object('sub', sub, 'role', role)) || metadata
FROM (VALUES
    ('anon', 'anon', NULL, '{}'::jsonb),
    ('alice', 'authenticated', 'smoke_alice', '{"app_metadata": {"role": "PARTICIPANT"}}'),
    ('bob', 'authenticated', 'smoke_bob', '{}'),
    -- Says of himself that he is more than he is, wherever he can.
    ('mallory', 'authenticated', 'smoke_mallory',
        '{"app_metadata": {"role": "OVERLORD"}, "user_metadata": {"role": "SUPERADMIN"}, "user_role": "ADMIN"}'),
    ('rosa', 'authenticated', 'smoke_rosa', '{"app_metadata": {"role": "REVIEWER"}}'),
    ('adam', 'authenticated', 'smoke_adam', '{"app_metadata": {"role": "ADMIN"}}'),
    ('sue', 'authenticated', 'smoke_sue', '{"app_metadata": {"role": "SUPERADMIN"}}'),
    -- Was dismissed while her token still says otherwise.
    ('dora', 'authenticated', 'smoke_dora', '{"app_metadata": {"role": "SUPERADMIN"}}'),
    -- A token without a subject.
    ('nobody', 'authenticated', NULL, '{}'),
    ('service', 'service_role', NULL, '{}'),
    -- Whoever runs this file: the owner of the tables.
    ('owner', 'none', NULL, '{}')
) AS they (name, role, sub, metadata);

-- Runs the statement as the persona and says what came of it. Afterwards it is as if it had not happened, the
-- change of role included, unless it is to be kept. A "#" in the statement is what the ids begin with.
CREATE FUNCTION pg_temp.outcome(who text, statement text, keep boolean DEFAULT false) RETURNS text
LANGUAGE plpgsql
AS $$
DECLARE
    they persona;
    result text;
    touched bigint;
BEGIN
    statement := replace(statement, '#', '00000000-0000-4000-8000-0000000000');
    SELECT * INTO STRICT they FROM persona WHERE name = who;
    BEGIN
        PERFORM set_config('request.jwt.claims', they.claims::text, true);
        PERFORM set_config('role', they.role, true);
        IF statement ~* '^\s*select\s' THEN
            EXECUTE format(
                'SELECT coalesce(string_agg(it::text, '','' ORDER BY it::text COLLATE "C"), '''') FROM (%s) AS row (it)',
                statement
            ) INTO result;
        ELSE
            EXECUTE statement;
            GET DIAGNOSTICS touched = ROW_COUNT;
            result := touched;
        END IF;
        PERFORM set_config('role', 'none', true);
        PERFORM set_config('request.jwt.claims', '', true);
        IF NOT keep THEN
            RAISE SQLSTATE 'UNDO0';
        END IF;
    EXCEPTION
        WHEN SQLSTATE 'UNDO0' THEN
            RETURN result;
        WHEN OTHERS THEN
            RETURN SQLSTATE;
    END;
    RETURN result;
END
$$;

CREATE FUNCTION pg_temp.expect(who text, statement text, wanted text, keep boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    came text := pg_temp.outcome(who, statement, keep);
BEGIN
    IF came IS DISTINCT FROM wanted THEN
        RAISE EXCEPTION E'%: %\nwanted: %\ncame:   %', who, statement, wanted, came;
    END IF;
END
$$;

-- The rows ------------------------------------------------------------------------------------------------

INSERT INTO public.users (id, handle, name, email, role, visibility, referral_code)
VALUES
    ('smoke_alice', 'smoke_alice', 'Alice', 'alice@smoke.example', 'PARTICIPANT', 'PRIVATE', 'smoke-1'),
    ('smoke_bob', 'smoke_bob', 'Bob', 'bob@smoke.example', 'PARTICIPANT', 'PUBLIC', 'smoke-2'),
    ('smoke_mallory', 'smoke_mallory', 'Mallory', 'mallory@smoke.example', 'PARTICIPANT', 'PRIVATE', 'smoke-3'),
    ('smoke_rosa', 'smoke_rosa', 'Rosa', 'rosa@smoke.example', 'REVIEWER', 'PRIVATE', 'smoke-4'),
    ('smoke_adam', 'smoke_adam', 'Adam', 'adam@smoke.example', 'ADMIN', 'PRIVATE', 'smoke-5'),
    ('smoke_sue', 'smoke_sue', 'Sue', 'sue@smoke.example', 'SUPERADMIN', 'PRIVATE', 'smoke-6'),
    ('smoke_dora', 'smoke_dora', 'Dora', 'dora@smoke.example', 'PARTICIPANT', 'PRIVATE', 'smoke-7');

INSERT INTO public.activities (code, name, default_points, points_multiplier, max_attachments, closes_on)
VALUES
    ('SMOKE', 'Smoke', 10, 2.00, 2, NULL),
    ('SMOKE_OVER', 'Smoke that is over', 10, 1.00, 2, '2020-12-31');

-- The last digit of an id says what it is: 1 a draft, 2 handed in, 3 approved, 4 returned; before it a for
-- Alice, b for Bob, c for Rosa.
INSERT INTO public.submissions (
    id, user_id, activity_code, title, payload, status, visibility, submitted_at, reviewer_id, points_awarded
)
VALUES
    ('00000000-0000-4000-8000-0000000000a1', 'smoke_alice', 'SMOKE', 'a1', '{}', 'DRAFT', 'PRIVATE', NULL, NULL, NULL),
    ('00000000-0000-4000-8000-0000000000a2', 'smoke_alice', 'SMOKE', 'a2', '{}', 'PENDING', 'PRIVATE', now(), NULL, NULL),
    ('00000000-0000-4000-8000-0000000000a3', 'smoke_alice', 'SMOKE', 'a3', '{}', 'APPROVED', 'PUBLIC', now(), 'smoke_rosa', 20),
    ('00000000-0000-4000-8000-0000000000a4', 'smoke_alice', 'SMOKE', 'a4', '{}', 'CHANGES_REQUESTED', 'PRIVATE', now(), 'smoke_rosa', NULL),
    ('00000000-0000-4000-8000-0000000000b1', 'smoke_bob', 'SMOKE', 'b1', '{}', 'DRAFT', 'PRIVATE', NULL, NULL, NULL),
    ('00000000-0000-4000-8000-0000000000b2', 'smoke_bob', 'SMOKE', 'b2', '{}', 'PENDING', 'PUBLIC', now(), NULL, NULL),
    ('00000000-0000-4000-8000-0000000000b4', 'smoke_bob', 'SMOKE', 'b4', '{}', 'CHANGES_REQUESTED', 'PUBLIC', now(), 'smoke_rosa', NULL),
    ('00000000-0000-4000-8000-0000000000c2', 'smoke_rosa', 'SMOKE', 'c2', '{}', 'PENDING', 'PRIVATE', now(), NULL, NULL),
    ('00000000-0000-4000-8000-0000000000ae', 'smoke_alice', 'SMOKE_OVER', 'ae', '{}', 'DRAFT', 'PRIVATE', NULL, NULL, NULL);

INSERT INTO public.submission_attachments (submission_id, owner_id, path, file_name, size_bytes)
VALUES
    ('00000000-0000-4000-8000-0000000000a1', 'smoke_alice', 'smoke_alice/00000000-0000-4000-8000-0000000000a1/a1', 'a1', 1),
    ('00000000-0000-4000-8000-0000000000a2', 'smoke_alice', 'smoke_alice/00000000-0000-4000-8000-0000000000a2/a2', 'a2', 1),
    ('00000000-0000-4000-8000-0000000000a3', 'smoke_alice', 'smoke_alice/00000000-0000-4000-8000-0000000000a3/a3', 'a3', 1),
    ('00000000-0000-4000-8000-0000000000b1', 'smoke_bob', 'smoke_bob/00000000-0000-4000-8000-0000000000b1/b1', 'b1', 1),
    ('00000000-0000-4000-8000-0000000000b4', 'smoke_bob', 'smoke_bob/00000000-0000-4000-8000-0000000000b4/b4', 'b4', 1);

INSERT INTO public.points_ledger (user_id, source, delta, activity_code, submission_id, recorded_by_id, note)
VALUES
    ('smoke_alice', 'FORM', 20, 'SMOKE', '00000000-0000-4000-8000-0000000000a3', 'smoke_rosa', 'smoke a'),
    ('smoke_bob', 'MANUAL', 5, NULL, NULL, 'smoke_adam', 'smoke b');

INSERT INTO public.badges (code, name, is_secret)
VALUES ('smoke-open', 'Open', false), ('smoke-secret', 'Secret', true);
INSERT INTO public.earned_badges (user_id, badge_code)
VALUES ('smoke_alice', 'smoke-secret'), ('smoke_bob', 'smoke-open');

INSERT INTO public.kajabi_events (id, event_id, event_type, payload, user_id)
VALUES ('00000000-0000-4000-8000-0000000000e1', 'smoke-event', 'tag.added', '{}', 'smoke_alice');
INSERT INTO public.learn_tag_grants (id, user_id, tag_name)
VALUES
    ('00000000-0000-4000-8000-0000000000d1', 'smoke_alice', 'smoke-a'),
    ('00000000-0000-4000-8000-0000000000d2', 'smoke_bob', 'smoke-b');

INSERT INTO public.referral_events (referrer_id, referee_id, event_type, external_event_id)
VALUES ('smoke_alice', 'smoke_bob', 'SIGNED_UP', 'smoke-ab'), ('smoke_rosa', NULL, 'CLICKED', 'smoke-r');

INSERT INTO public.audit_log (actor_id, action, entity, entity_id)
VALUES ('smoke_adam', 'smoke.tested', 'users', 'smoke_alice');

INSERT INTO storage.buckets (id, name) VALUES ('smoke-other', 'smoke-other');
INSERT INTO storage.objects (bucket_id, name)
VALUES
    ('smoke-other', 'smoke_alice/00000000-0000-4000-8000-0000000000a1/other'),
    ('smoke-other', 'smoke_alice/00000000-0000-4000-8000-0000000000a1/a1'),
    ('submission-attachments', 'smoke_alice/00000000-0000-4000-8000-0000000000a1/a1'),
    ('submission-attachments', 'smoke_alice/00000000-0000-4000-8000-0000000000a1/loose'),
    ('submission-attachments', 'smoke_alice/00000000-0000-4000-8000-0000000000a2/a2'),
    ('submission-attachments', 'smoke_alice/00000000-0000-4000-8000-0000000000a3/a3'),
    ('submission-attachments', 'smoke_bob/00000000-0000-4000-8000-0000000000b1/b1'),
    ('submission-attachments', 'smoke_bob/00000000-0000-4000-8000-0000000000b1/loose');

-- Who is asking -------------------------------------------------------------------------------------------

DO $check$
BEGIN
    PERFORM pg_temp.expect('alice', 'SELECT private.get_user_id()', 'smoke_alice');
    PERFORM pg_temp.expect('alice', 'SELECT private.get_user_role()', 'PARTICIPANT');
    PERFORM pg_temp.expect('bob', 'SELECT private.get_user_role()', 'PARTICIPANT');
    PERFORM pg_temp.expect('mallory', 'SELECT private.get_user_role()', 'PARTICIPANT');
    PERFORM pg_temp.expect('rosa', 'SELECT private.is_reviewer()', 'true');
    PERFORM pg_temp.expect('rosa', 'SELECT private.is_admin()', 'false');
    PERFORM pg_temp.expect('adam', 'SELECT private.is_admin()', 'true');
    PERFORM pg_temp.expect('sue', 'SELECT private.is_admin()', 'true');
    PERFORM pg_temp.expect('nobody', 'SELECT private.is_reviewer()', 'false');
    PERFORM pg_temp.expect('anon', 'SELECT private.get_user_role()', '42501');
END
$check$;

-- Users ---------------------------------------------------------------------------------------------------

DO $check$
DECLARE
    who text;
BEGIN
    PERFORM pg_temp.expect('anon', 'SELECT id FROM public.users', '42501');
    PERFORM pg_temp.expect('alice', $q$SELECT id FROM public.users WHERE id LIKE 'smoke\_%'$q$, 'smoke_alice,smoke_bob');
    PERFORM pg_temp.expect('bob', $q$SELECT id FROM public.users WHERE id LIKE 'smoke\_%'$q$, 'smoke_bob');
    PERFORM pg_temp.expect('mallory', $q$SELECT id FROM public.users WHERE id LIKE 'smoke\_%'$q$, 'smoke_bob,smoke_mallory');
    PERFORM pg_temp.expect('nobody', $q$SELECT id FROM public.users WHERE id LIKE 'smoke\_%'$q$, 'smoke_bob');
    FOREACH who IN ARRAY ARRAY['rosa', 'adam', 'sue', 'service'] LOOP
        PERFORM pg_temp.expect(who, $q$SELECT count(*) FROM public.users WHERE id LIKE 'smoke\_%'$q$, '7');
    END LOOP;

    -- Addresses and settings: one's own, by the function, and nobody else's.
    FOREACH who IN ARRAY ARRAY['alice', 'rosa', 'adam', 'sue'] LOOP
        PERFORM pg_temp.expect(who, 'SELECT email FROM public.users', '42501');
        PERFORM pg_temp.expect(who, 'SELECT preferences FROM public.users', '42501');
        PERFORM pg_temp.expect(who, 'SELECT email FROM public.get_my_account()', who || '@smoke.example');
    END LOOP;
    PERFORM pg_temp.expect('nobody', 'SELECT email FROM public.get_my_account()', '');
    PERFORM pg_temp.expect('anon', 'SELECT email FROM public.get_my_account()', '42501');

    -- One's own profile, and nobody else's; no account made, taken over or left behind.
    FOREACH who IN ARRAY ARRAY['alice', 'mallory', 'rosa', 'adam', 'sue'] LOOP
        PERFORM pg_temp.expect(who, $q$UPDATE public.users SET name = 'New', visibility = 'PUBLIC' WHERE id LIKE 'smoke\_%'$q$, '1');
        PERFORM pg_temp.expect(who, $q$UPDATE public.users SET name = 'New' WHERE id = 'smoke_bob'$q$, '0');
        PERFORM pg_temp.expect(who, $q$UPDATE public.users SET id = 'smoke_other' WHERE id = 'smoke_$q$ || who || $q$'$q$, '42501');
        PERFORM pg_temp.expect(who, $q$UPDATE public.users SET email = 'new@smoke.example'$q$, '42501');
        PERFORM pg_temp.expect(who, $q$UPDATE public.users SET deactivated_at = NULL$q$, '42501');
        PERFORM pg_temp.expect(who, 'DELETE FROM public.users', '42501');
        PERFORM pg_temp.expect(
            who,
            $q$INSERT INTO public.users (id, handle, name, email, referral_code)
               VALUES ('smoke_new', 'smoke_new', 'New', 'new@smoke.example', 'smoke-new')$q$,
            '42501'
        );
    END LOOP;
    PERFORM pg_temp.expect('anon', $q$UPDATE public.users SET name = 'New'$q$, '42501');
    PERFORM pg_temp.expect('alice', 'TRUNCATE public.users CASCADE', '42501');
    PERFORM pg_temp.expect('service', $q$UPDATE public.users SET email = 'new@smoke.example' WHERE id = 'smoke_bob'$q$, '1');
    PERFORM pg_temp.expect('service', $q$UPDATE public.users SET email = 'New@smoke.example' WHERE id = 'smoke_bob'$q$, '23514');
    PERFORM pg_temp.expect('service', $q$UPDATE public.users SET id = 'smoke/bob' WHERE id = 'smoke_mallory'$q$, '23514');
END
$check$;

-- Nobody promotes themselves ------------------------------------------------------------------------------

DO $check$
DECLARE
    who text;
BEGIN
    FOREACH who IN ARRAY ARRAY['alice', 'mallory', 'rosa', 'adam', 'sue', 'dora', 'anon'] LOOP
        PERFORM pg_temp.expect(who, $q$UPDATE public.users SET role = 'SUPERADMIN' WHERE id = 'smoke_$q$ || who || $q$'$q$, '42501');
        PERFORM pg_temp.expect(who, $q$UPDATE public.users SET name = 'New', role = 'SUPERADMIN'$q$, '42501');
        PERFORM pg_temp.expect(
            who,
            format(
                $q$INSERT INTO public.users (id, handle, name, email, referral_code, role)
                   VALUES ('smoke_%1$s', 'smoke_%1$s', 'New', '%1$s@smoke.example', 'smoke-new', 'SUPERADMIN')
                   ON CONFLICT (id) DO UPDATE SET role = excluded.role$q$,
                who
            ),
            '42501'
        );
        PERFORM pg_temp.expect(who, $q$SELECT public.set_user_role('smoke_$q$ || who || $q$', 'SUPERADMIN')$q$, '42501');
        PERFORM pg_temp.expect(who, $q$SELECT private.set_user_role('smoke_$q$ || who || $q$', 'SUPERADMIN')$q$, '42501');
    END LOOP;

    FOREACH who IN ARRAY ARRAY['alice', 'mallory', 'rosa', 'dora', 'nobody', 'anon', 'service'] LOOP
        PERFORM pg_temp.expect(who, $q$SELECT public.set_user_role('smoke_bob', 'REVIEWER')$q$, '42501');
    END LOOP;
    PERFORM pg_temp.expect('adam', $q$SELECT public.set_user_role('smoke_bob', 'ADMIN')$q$, '42501');
    PERFORM pg_temp.expect('adam', $q$SELECT public.set_user_role('smoke_sue', 'PARTICIPANT')$q$, '42501');
    PERFORM pg_temp.expect('adam', $q$SELECT public.set_user_role('smoke_missing', 'REVIEWER')$q$, 'P0002');
    PERFORM pg_temp.expect('sue', $q$SELECT public.set_user_role('smoke_adam', 'PARTICIPANT')$q$, '');
    PERFORM pg_temp.expect('sue', $q$SELECT public.set_user_role('smoke_bob', 'ADMIN')$q$, '');

    PERFORM pg_temp.expect('adam', $q$SELECT public.set_user_role('smoke_mallory', 'REVIEWER')$q$, '', keep => true);
    PERFORM pg_temp.expect('owner', $q$SELECT role FROM public.users WHERE id = 'smoke_mallory'$q$, 'REVIEWER');
    PERFORM pg_temp.expect(
        'adam',
        $q$SELECT actor_id || details::text FROM public.audit_log
           WHERE action = 'user.role_changed' AND entity_id = 'smoke_mallory'$q$,
        'smoke_adam{"to": "REVIEWER", "from": "PARTICIPANT"}'
    );
END
$check$;

-- Activities ----------------------------------------------------------------------------------------------

DO $check$
DECLARE
    who text;
BEGIN
    FOREACH who IN ARRAY ARRAY['alice', 'rosa', 'adam', 'sue', 'service'] LOOP
        PERFORM pg_temp.expect(who, $q$SELECT code FROM public.activities WHERE code LIKE 'SMOKE%'$q$, 'SMOKE,SMOKE_OVER');
    END LOOP;
    PERFORM pg_temp.expect('nobody', 'SELECT code FROM public.activities', '');
    PERFORM pg_temp.expect('anon', 'SELECT code FROM public.activities', '42501');
    FOREACH who IN ARRAY ARRAY['alice', 'mallory', 'rosa'] LOOP
        PERFORM pg_temp.expect(who, $q$INSERT INTO public.activities (code, name) VALUES ('SMOKE_NEW', 'New')$q$, '42501');
        PERFORM pg_temp.expect(who, 'UPDATE public.activities SET default_points = 1000', '0');
        PERFORM pg_temp.expect(who, 'DELETE FROM public.activities', '0');
    END LOOP;
    FOREACH who IN ARRAY ARRAY['adam', 'sue', 'service'] LOOP
        PERFORM pg_temp.expect(who, $q$INSERT INTO public.activities (code, name) VALUES ('SMOKE_NEW', 'New')$q$, '1');
        PERFORM pg_temp.expect(who, $q$UPDATE public.activities SET name = 'New' WHERE code = 'SMOKE'$q$, '1');
    END LOOP;
    PERFORM pg_temp.expect('adam', $q$INSERT INTO public.activities (code, name) VALUES ('smoke', 'New')$q$, '23514');
END
$check$;

-- Submissions ---------------------------------------------------------------------------------------------

DO $check$
DECLARE
    who text;
    visible constant text := $q$SELECT title FROM public.submissions WHERE user_id LIKE 'smoke\_%'$q$;
BEGIN
    PERFORM pg_temp.expect('anon', visible, '42501');
    PERFORM pg_temp.expect('nobody', visible, 'a3,b2,b4');
    PERFORM pg_temp.expect('mallory', visible, 'a3,b2,b4');
    PERFORM pg_temp.expect('alice', visible, 'a1,a2,a3,a4,ae,b2,b4');
    PERFORM pg_temp.expect('bob', visible, 'a3,b1,b2,b4');
    FOREACH who IN ARRAY ARRAY['rosa', 'adam', 'sue', 'service'] LOOP
        PERFORM pg_temp.expect(who, visible, 'a1,a2,a3,a4,ae,b1,b2,b4,c2');
    END LOOP;

    -- One's own, and as a draft or handed in.
    PERFORM pg_temp.expect(
        'mallory',
        $q$INSERT INTO public.submissions (user_id, activity_code, title, payload)
           VALUES ('smoke_mallory', 'SMOKE', 'new', '{}')$q$,
        '1'
    );
    PERFORM pg_temp.expect(
        'mallory',
        $q$INSERT INTO public.submissions (user_id, activity_code, title, payload, status)
           VALUES ('smoke_mallory', 'SMOKE', 'new', '{}', 'PENDING')$q$,
        '1'
    );
    PERFORM pg_temp.expect(
        'mallory',
        $q$INSERT INTO public.submissions (user_id, activity_code, title, payload, status)
           VALUES ('smoke_mallory', 'SMOKE', 'new', '{}', 'APPROVED')$q$,
        '42501'
    );
    PERFORM pg_temp.expect(
        'mallory',
        $q$INSERT INTO public.submissions (user_id, activity_code, title, payload, points_awarded)
           VALUES ('smoke_mallory', 'SMOKE', 'new', '{}', 1000)$q$,
        '42501'
    );
    FOREACH who IN ARRAY ARRAY['mallory', 'rosa', 'adam', 'nobody', 'anon'] LOOP
        PERFORM pg_temp.expect(
            who,
            $q$INSERT INTO public.submissions (user_id, activity_code, title, payload)
               VALUES ('smoke_dora', 'SMOKE', 'new', '{}')$q$,
            '42501'
        );
    END LOOP;
    PERFORM pg_temp.expect(
        'alice',
        $q$INSERT INTO public.submissions (user_id, activity_code, title, payload)
           VALUES ('smoke_alice', 'SMOKE', 'second draft', '{}')$q$,
        '23505'
    );

    -- What is handed in stays as it is, for its author as for everybody else.
    PERFORM pg_temp.expect('alice', $q$UPDATE public.submissions SET title = 'new' WHERE user_id LIKE 'smoke\_%'$q$, '3');
    PERFORM pg_temp.expect('alice', $q$UPDATE public.submissions SET title = 'new' WHERE title IN ('a2', 'a3', 'b1', 'b2', 'b4')$q$, '0');
    PERFORM pg_temp.expect('alice', $q$UPDATE public.submissions SET status = 'PENDING' WHERE title IN ('a1', 'a4')$q$, '2');
    PERFORM pg_temp.expect('alice', $q$UPDATE public.submissions SET status = 'APPROVED' WHERE title = 'a1'$q$, '42501');
    PERFORM pg_temp.expect('alice', $q$UPDATE public.submissions SET status = 'APPROVED' WHERE title = 'a2'$q$, '0');
    PERFORM pg_temp.expect('alice', $q$UPDATE public.submissions SET status = 'DRAFT' WHERE title = 'a4'$q$, '23514');
    PERFORM pg_temp.expect('alice', $q$UPDATE public.submissions SET user_id = 'smoke_bob' WHERE title = 'a1'$q$, '42501');
    PERFORM pg_temp.expect('alice', $q$UPDATE public.submissions SET points_awarded = 1000 WHERE title = 'a1'$q$, '42501');
    FOREACH who IN ARRAY ARRAY['mallory', 'rosa', 'adam', 'sue'] LOOP
        PERFORM pg_temp.expect(who, $q$UPDATE public.submissions SET title = 'new' WHERE user_id = 'smoke_alice'$q$, '0');
        PERFORM pg_temp.expect(who, $q$DELETE FROM public.submissions WHERE user_id = 'smoke_alice'$q$, '0');
    END LOOP;
    PERFORM pg_temp.expect('alice', $q$DELETE FROM public.submissions WHERE title IN ('a2', 'a3', 'a4', 'b1')$q$, '0');
    PERFORM pg_temp.expect('alice', $q$DELETE FROM public.submissions WHERE title = 'a1'$q$, '1');

    -- The rules that hold for the server as well.
    PERFORM pg_temp.expect('alice', $q$UPDATE public.submissions SET status = 'PENDING' WHERE title = 'ae'$q$, '23514');
    PERFORM pg_temp.expect('service', $q$UPDATE public.submissions SET status = 'PENDING' WHERE title = 'ae'$q$, '23514');
    PERFORM pg_temp.expect('service', $q$UPDATE public.submissions SET status = 'REJECTED' WHERE title = 'a3'$q$, '23514');
    PERFORM pg_temp.expect('service', $q$UPDATE public.submissions SET reviewer_id = 'smoke_bob' WHERE title = 'b2'$q$, '23514');
    PERFORM pg_temp.expect('service', $q$UPDATE public.submissions SET status = 'REJECTED' WHERE title = 'b2'$q$, '1');
    PERFORM pg_temp.expect('service', $q$UPDATE public.submissions SET status = 'APPROVED' WHERE title = 'ae'$q$, '1');

    PERFORM pg_temp.expect(
        'alice',
        $q$SELECT public.set_submission_visibility('#a3', 'PRIVATE')$q$,
        ''
    );
    FOREACH who IN ARRAY ARRAY['bob', 'rosa', 'sue', 'nobody'] LOOP
        PERFORM pg_temp.expect(
            who,
            $q$SELECT public.set_submission_visibility('#a2', 'PUBLIC')$q$,
            'P0002'
        );
    END LOOP;
    PERFORM pg_temp.expect(
        'anon',
        $q$SELECT public.set_submission_visibility('#a2', 'PUBLIC')$q$,
        '42501'
    );
END
$check$;

-- Reviews -------------------------------------------------------------------------------------------------

DO $check$
DECLARE
    who text;
BEGIN
    FOREACH who IN ARRAY ARRAY['alice', 'bob', 'mallory', 'nobody', 'anon', 'service'] LOOP
        PERFORM pg_temp.expect(
            who,
            $q$SELECT public.review_submission('#a2', 'APPROVED')$q$,
            '42501'
        );
    END LOOP;
    PERFORM pg_temp.expect('rosa', $q$SELECT public.review_submission('#c2', 'APPROVED')$q$, '23514');
    PERFORM pg_temp.expect('rosa', $q$SELECT public.review_submission('#a1', 'APPROVED')$q$, 'P0002');
    PERFORM pg_temp.expect('rosa', $q$SELECT public.review_submission('#a2', 'DRAFT')$q$, '22023');
    PERFORM pg_temp.expect('rosa', $q$SELECT public.review_submission('#a2', NULL)$q$, '22023');
    PERFORM pg_temp.expect('rosa', $q$SELECT public.review_submission('#a2', 'APPROVED', points => 5000)$q$, '23514');
    PERFORM pg_temp.expect('rosa', $q$SELECT public.review_submission('#a2', 'APPROVED', points => -5)$q$, '23514');
    PERFORM pg_temp.expect('rosa', $q$SELECT public.review_submission('#a2', 'REJECTED', 'No.')$q$, '');
    PERFORM pg_temp.expect('adam', $q$SELECT public.review_submission('#c2', 'APPROVED', points => 0)$q$, '');

    -- The decision, the points and the trace come together, and once.
    PERFORM pg_temp.expect(
        'rosa',
        $q$SELECT public.review_submission('#a2', 'APPROVED', 'Good.')$q$,
        '',
        keep => true
    );
    PERFORM pg_temp.expect(
        'alice',
        $q$SELECT concat_ws(' ', status, reviewer_id, review_comment, points_awarded, reviewed_at IS NOT NULL)
           FROM public.submissions WHERE title = 'a2'$q$,
        'APPROVED smoke_rosa Good. 20 t'
    );
    PERFORM pg_temp.expect(
        'alice',
        $q$SELECT concat_ws(' ', source, delta, recorded_by_id) FROM public.points_ledger
           WHERE submission_id = '#a2'$q$,
        'FORM 20 smoke_rosa'
    );
    PERFORM pg_temp.expect(
        'adam',
        $q$SELECT actor_id FROM public.audit_log
           WHERE action = 'submission.reviewed' AND entity_id = '#a2'$q$,
        'smoke_rosa'
    );
    PERFORM pg_temp.expect('sue', $q$SELECT public.review_submission('#a2', 'REJECTED')$q$, 'P0002');
END
$check$;

-- Attachments ---------------------------------------------------------------------------------------------

DO $check$
DECLARE
    who text;
    visible constant text := $q$SELECT file_name FROM public.submission_attachments WHERE owner_id LIKE 'smoke\_%'$q$;
    attach constant text :=
        $q$INSERT INTO public.submission_attachments (submission_id, owner_id, path, file_name, size_bytes)
           VALUES ('#%1$s', 'smoke_%2$s', '%3$s', 'new', 1)$q$;
BEGIN
    PERFORM pg_temp.expect('anon', visible, '42501');
    PERFORM pg_temp.expect('nobody', visible, 'a3,b4');
    PERFORM pg_temp.expect('alice', visible, 'a1,a2,a3,b4');
    PERFORM pg_temp.expect('bob', visible, 'a3,b1,b4');
    FOREACH who IN ARRAY ARRAY['rosa', 'adam', 'sue', 'service'] LOOP
        PERFORM pg_temp.expect(who, visible, 'a1,a2,a3,b1,b4');
    END LOOP;

    -- Own and open submissions only, in the folder that is theirs.
    PERFORM pg_temp.expect('alice', format(attach, 'a1', 'alice', 'smoke_alice/#a1/new'), '1');
    PERFORM pg_temp.expect('alice', format(attach, 'a4', 'alice', 'smoke_alice/#a4/new'), '1');
    PERFORM pg_temp.expect('alice', format(attach, 'a3', 'alice', 'smoke_alice/#a3/new'), '42501');
    PERFORM pg_temp.expect('alice', format(attach, 'b1', 'alice', 'smoke_alice/#b1/new'), '42501');
    PERFORM pg_temp.expect('alice', format(attach, 'b1', 'bob', 'smoke_bob/#b1/new'), '42501');
    PERFORM pg_temp.expect('alice', format(attach, 'a1', 'alice', 'smoke_bob/#b1/b1'), '23514');
    PERFORM pg_temp.expect('service', format(attach, 'b1', 'alice', 'smoke_alice/#b1/new'), '23503');
    PERFORM pg_temp.expect('rosa', format(attach, 'a1', 'alice', 'smoke_alice/#a1/new'), '42501');

    PERFORM pg_temp.expect('alice', format(attach, 'b4', 'bob', 'smoke_bob/#b4/new'), '42501');
    PERFORM pg_temp.expect(
        'alice',
        $q$INSERT INTO public.submission_attachments (submission_id, owner_id, path, file_name, size_bytes, sha256)
           VALUES ('#a1', 'smoke_alice',
                   'smoke_alice/#a1/new', 'new', 1, NULL)$q$,
        '42501'
    );

    PERFORM pg_temp.expect('alice', $q$UPDATE public.submission_attachments SET caption = 'new' WHERE owner_id LIKE 'smoke\_%'$q$, '1');
    PERFORM pg_temp.expect('alice', $q$UPDATE public.submission_attachments SET path = 'new'$q$, '42501');
    PERFORM pg_temp.expect('alice', $q$UPDATE public.submission_attachments SET sha256 = NULL$q$, '42501');
    PERFORM pg_temp.expect('alice', $q$DELETE FROM public.submission_attachments WHERE owner_id LIKE 'smoke\_%'$q$, '1');
    PERFORM pg_temp.expect('rosa', $q$DELETE FROM public.submission_attachments WHERE owner_id LIKE 'smoke\_%'$q$, '0');

    -- The quota is two; the server has to keep to it, too, and cannot move a file past it.
    PERFORM pg_temp.expect('alice', format(attach, 'a1', 'alice', 'smoke_alice/#a1/2'), '1', keep => true);
    PERFORM pg_temp.expect('alice', format(attach, 'a1', 'alice', 'smoke_alice/#a1/3'), '23514');
    PERFORM pg_temp.expect('service', format(attach, 'a1', 'alice', 'smoke_alice/#a1/3'), '23514');
    PERFORM pg_temp.expect(
        'service',
        $q$UPDATE public.submission_attachments
           SET submission_id = '#a1',
               path = 'smoke_alice/#a1/moved'
           WHERE file_name = 'a2'$q$,
        '23514'
    );
END
$check$;

-- Files ---------------------------------------------------------------------------------------------------

DO $check$
DECLARE
    visible constant text := $q$SELECT storage.filename(name) FROM storage.objects WHERE name LIKE 'smoke\_%'$q$;
    upload constant text := $q$INSERT INTO storage.objects (bucket_id, name) VALUES ('%s', '%s')$q$;
BEGIN
    PERFORM pg_temp.expect('owner', $q$SELECT public FROM storage.buckets WHERE id = 'submission-attachments'$q$, 'false');
    PERFORM pg_temp.expect('anon', visible, '');
    PERFORM pg_temp.expect('nobody', visible, 'a3');
    PERFORM pg_temp.expect('alice', visible, 'a1,a2,a3,loose');
    PERFORM pg_temp.expect('bob', visible, 'a3,b1,loose');
    PERFORM pg_temp.expect('rosa', visible, 'a1,a2,a3,b1');

    PERFORM pg_temp.expect('alice', format(upload, 'submission-attachments', 'smoke_alice/#a1/new'), '1');
    PERFORM pg_temp.expect('alice', format(upload, 'submission-attachments', 'smoke_alice/#a3/new'), '42501');
    PERFORM pg_temp.expect('alice', format(upload, 'submission-attachments', 'smoke_alice/#b4/new'), '42501');
    PERFORM pg_temp.expect('alice', format(upload, 'submission-attachments', 'smoke_bob/#a1/new'), '42501');
    PERFORM pg_temp.expect('alice', format(upload, 'smoke-other', 'smoke_alice/#a1/new'), '42501');
    PERFORM pg_temp.expect('alice', format(upload, 'submission-attachments', 'smoke_bob/#b1/new'), '42501');
    PERFORM pg_temp.expect('alice', format(upload, 'submission-attachments', 'smoke_alice/new'), '42501');
    PERFORM pg_temp.expect('rosa', format(upload, 'submission-attachments', 'smoke_alice/#a1/new'), '42501');
    PERFORM pg_temp.expect('anon', format(upload, 'submission-attachments', 'smoke_alice/#a1/new'), '42501');

    -- Never overwritten, and gone only when nothing refers to it.
    PERFORM pg_temp.expect('alice', $q$UPDATE storage.objects SET metadata = '{}' WHERE name LIKE 'smoke\_alice/%'$q$, '0');
    PERFORM pg_temp.expect('alice', $q$DELETE FROM storage.objects WHERE name LIKE 'smoke\_%' AND name NOT LIKE '%/loose'$q$, '0');
    PERFORM pg_temp.expect('alice', $q$DELETE FROM storage.objects WHERE name LIKE 'smoke\_%/loose'$q$, '1');
    -- Without a condition nothing has to be visible: only the policy for deletes stands in the way.
    PERFORM pg_temp.expect('alice', 'DELETE FROM storage.objects', '1');
    PERFORM pg_temp.expect('mallory', 'DELETE FROM storage.objects', '0');
    PERFORM pg_temp.expect('rosa', $q$DELETE FROM storage.objects WHERE name LIKE 'smoke\_%'$q$, '0');
END
$check$;

-- The points ledger ---------------------------------------------------------------------------------------

DO $check$
DECLARE
    who text;
    visible constant text := $q$SELECT note FROM public.points_ledger WHERE note LIKE 'smoke%'$q$;
    give constant text := $q$INSERT INTO public.points_ledger (user_id, source, delta) VALUES ('smoke_alice', 'MANUAL', 1000)$q$;
BEGIN
    PERFORM pg_temp.expect('anon', visible, '42501');
    PERFORM pg_temp.expect('nobody', visible, '');
    PERFORM pg_temp.expect('alice', visible, 'smoke a');
    PERFORM pg_temp.expect('bob', visible, 'smoke b');
    FOREACH who IN ARRAY ARRAY['rosa', 'adam', 'sue', 'service'] LOOP
        PERFORM pg_temp.expect(who, visible, 'smoke a,smoke b');
    END LOOP;

    FOREACH who IN ARRAY ARRAY['anon', 'alice', 'rosa', 'adam', 'sue'] LOOP
        PERFORM pg_temp.expect(who, give, '42501');
    END LOOP;
    PERFORM pg_temp.expect('service', give, '1');
    PERFORM pg_temp.expect('service', replace(give, '1000', '0'), '23514');
    PERFORM pg_temp.expect(
        'service',
        $q$INSERT INTO public.points_ledger (user_id, source, delta, submission_id)
           VALUES ('smoke_alice', 'FORM', 20, '#a3')$q$,
        '23505'
    );
    PERFORM pg_temp.expect(
        'service',
        $q$INSERT INTO public.points_ledger (user_id, source, delta, submission_id)
           VALUES ('smoke_alice', 'FORM', 20, '#b2')$q$,
        '23503'
    );

    FOREACH who IN ARRAY ARRAY['anon', 'alice', 'rosa', 'adam', 'sue', 'service'] LOOP
        PERFORM pg_temp.expect(who, 'UPDATE public.points_ledger SET delta = 1000', '42501');
        PERFORM pg_temp.expect(who, 'DELETE FROM public.points_ledger', '42501');
        PERFORM pg_temp.expect(who, 'TRUNCATE public.points_ledger', '42501');
    END LOOP;
    PERFORM pg_temp.expect('owner', 'UPDATE public.points_ledger SET delta = 1000', '23001');
    PERFORM pg_temp.expect('owner', 'DELETE FROM public.points_ledger', '23001');
    PERFORM pg_temp.expect('owner', 'TRUNCATE public.points_ledger', '23001');
    PERFORM pg_temp.expect('owner', 'TRUNCATE public.users CASCADE', '23001');
END
$check$;

-- The audit log -------------------------------------------------------------------------------------------

DO $check$
DECLARE
    who text;
    visible constant text := $q$SELECT entity_id FROM public.audit_log WHERE action = 'smoke.tested'$q$;
BEGIN
    PERFORM pg_temp.expect('anon', visible, '42501');
    FOREACH who IN ARRAY ARRAY['nobody', 'alice', 'mallory', 'rosa'] LOOP
        PERFORM pg_temp.expect(who, visible, '');
    END LOOP;
    FOREACH who IN ARRAY ARRAY['adam', 'sue', 'service'] LOOP
        PERFORM pg_temp.expect(who, visible, 'smoke_alice');
    END LOOP;

    FOREACH who IN ARRAY ARRAY['anon', 'alice', 'rosa', 'adam', 'sue'] LOOP
        PERFORM pg_temp.expect(who, $q$INSERT INTO public.audit_log (action, entity, entity_id) VALUES ('smoke.forged', 'users', '1')$q$, '42501');
    END LOOP;
    PERFORM pg_temp.expect('service', $q$INSERT INTO public.audit_log (action, entity, entity_id) VALUES ('smoke.done', 'users', '1')$q$, '1');

    FOREACH who IN ARRAY ARRAY['anon', 'alice', 'rosa', 'adam', 'sue', 'service'] LOOP
        PERFORM pg_temp.expect(who, $q$UPDATE public.audit_log SET actor_id = NULL$q$, '42501');
        PERFORM pg_temp.expect(who, 'DELETE FROM public.audit_log', '42501');
        PERFORM pg_temp.expect(who, 'TRUNCATE public.audit_log', '42501');
    END LOOP;
    PERFORM pg_temp.expect('owner', $q$UPDATE public.audit_log SET actor_id = NULL$q$, '23001');
    PERFORM pg_temp.expect('owner', 'DELETE FROM public.audit_log', '23001');
    PERFORM pg_temp.expect('owner', 'TRUNCATE public.audit_log', '23001');
END
$check$;

-- Badges --------------------------------------------------------------------------------------------------

DO $check$
DECLARE
    who text;
    visible constant text := $q$SELECT code FROM public.badges WHERE code LIKE 'smoke-%'$q$;
    earned constant text := $q$SELECT user_id FROM public.earned_badges WHERE user_id LIKE 'smoke\_%'$q$;
    award constant text :=
        $q$INSERT INTO public.earned_badges (user_id, badge_code, awarded_by_id)
           VALUES ('smoke_%s', 'smoke-open', 'smoke_%s')$q$;
BEGIN
    PERFORM pg_temp.expect('anon', visible, 'smoke-open');
    PERFORM pg_temp.expect('anon', 'SELECT criteria FROM public.badges', '42501');
    PERFORM pg_temp.expect('bob', visible, 'smoke-open');
    PERFORM pg_temp.expect('rosa', visible, 'smoke-open');
    PERFORM pg_temp.expect('alice', visible, 'smoke-open,smoke-secret');
    PERFORM pg_temp.expect('adam', visible, 'smoke-open,smoke-secret');

    FOREACH who IN ARRAY ARRAY['alice', 'rosa'] LOOP
        PERFORM pg_temp.expect(who, $q$INSERT INTO public.badges (code, name) VALUES ('smoke-new', 'New')$q$, '42501');
        PERFORM pg_temp.expect(who, $q$UPDATE public.badges SET is_secret = false$q$, '0');
        PERFORM pg_temp.expect(who, 'DELETE FROM public.badges', '0');
    END LOOP;
    PERFORM pg_temp.expect('anon', $q$INSERT INTO public.badges (code, name) VALUES ('smoke-new', 'New')$q$, '42501');
    PERFORM pg_temp.expect('adam', $q$INSERT INTO public.badges (code, name) VALUES ('smoke-new', 'New')$q$, '1');
    PERFORM pg_temp.expect('adam', $q$UPDATE public.badges SET tier = 2 WHERE code LIKE 'smoke-%'$q$, '2');

    PERFORM pg_temp.expect('anon', earned, '42501');
    PERFORM pg_temp.expect('mallory', earned, 'smoke_bob');
    PERFORM pg_temp.expect('bob', earned, 'smoke_bob');
    PERFORM pg_temp.expect('alice', earned, 'smoke_alice,smoke_bob');
    PERFORM pg_temp.expect('rosa', earned, 'smoke_alice,smoke_bob');
    FOREACH who IN ARRAY ARRAY['anon', 'alice', 'rosa'] LOOP
        PERFORM pg_temp.expect(who, format(award, 'mallory', who), '42501');
    END LOOP;
    PERFORM pg_temp.expect('adam', format(award, 'alice', 'adam'), '1');
    PERFORM pg_temp.expect('adam', format(award, 'alice', 'sue'), '42501');
    PERFORM pg_temp.expect(
        'adam',
        $q$INSERT INTO public.earned_badges (user_id, badge_code, awarded_by_id, earned_at)
           VALUES ('smoke_alice', 'smoke-open', 'smoke_adam', '2000-01-01')$q$,
        '42501'
    );
    PERFORM pg_temp.expect('adam', format(award, 'adam', 'adam'), '23514');
    PERFORM pg_temp.expect('alice', $q$DELETE FROM public.earned_badges WHERE user_id LIKE 'smoke\_%'$q$, '0');
    PERFORM pg_temp.expect('adam', $q$DELETE FROM public.earned_badges WHERE user_id LIKE 'smoke\_%'$q$, '2');
END
$check$;

-- Webhooks, tags and referrals ----------------------------------------------------------------------------

DO $check$
DECLARE
    who text;
    tags constant text := $q$SELECT tag_name FROM public.learn_tag_grants WHERE tag_name LIKE 'smoke-%'$q$;
    referrals constant text := $q$SELECT external_event_id FROM public.referral_events WHERE external_event_id LIKE 'smoke-%'$q$;
BEGIN
    FOREACH who IN ARRAY ARRAY['anon', 'nobody', 'alice', 'rosa', 'adam', 'sue'] LOOP
        PERFORM pg_temp.expect(who, 'SELECT id FROM public.kajabi_events', '42501');
        PERFORM pg_temp.expect(who, $q$UPDATE public.kajabi_events SET user_id = NULL$q$, '42501');
        PERFORM pg_temp.expect(who, 'DELETE FROM public.kajabi_events', '42501');
        PERFORM pg_temp.expect(
            who,
            $q$INSERT INTO public.kajabi_events (id, event_id, event_type, payload)
               VALUES (gen_random_uuid(), 'smoke-forged', 'tag.added', '{}')$q$,
            '42501'
        );
        PERFORM pg_temp.expect(who, 'DELETE FROM public.learn_tag_grants', '42501');
        PERFORM pg_temp.expect(
            who,
            $q$INSERT INTO public.learn_tag_grants (id, user_id, tag_name)
               VALUES (gen_random_uuid(), 'smoke_alice', 'smoke-forged')$q$,
            '42501'
        );
        PERFORM pg_temp.expect(who, $q$INSERT INTO public.referral_events (referrer_id) VALUES ('smoke_alice')$q$, '42501');
        PERFORM pg_temp.expect(who, 'DELETE FROM public.referral_events', '42501');
    END LOOP;
    PERFORM pg_temp.expect('service', $q$SELECT event_id FROM public.kajabi_events WHERE event_id LIKE 'smoke-%'$q$, 'smoke-event');
    PERFORM pg_temp.expect(
        'service',
        $q$INSERT INTO public.kajabi_events (id, event_id, event_type, payload)
           VALUES (gen_random_uuid(), 'smoke-event', 'tag.added', '{}')$q$,
        '23505'
    );

    PERFORM pg_temp.expect('anon', tags, '42501');
    PERFORM pg_temp.expect('mallory', tags, '');
    PERFORM pg_temp.expect('alice', tags, 'smoke-a');
    PERFORM pg_temp.expect('rosa', tags, 'smoke-a,smoke-b');

    PERFORM pg_temp.expect('anon', referrals, '42501');
    PERFORM pg_temp.expect('mallory', referrals, '');
    PERFORM pg_temp.expect('alice', referrals, 'smoke-ab');
    PERFORM pg_temp.expect('bob', referrals, 'smoke-ab');
    PERFORM pg_temp.expect('rosa', referrals, 'smoke-r');
    PERFORM pg_temp.expect('adam', referrals, 'smoke-ab,smoke-r');
    PERFORM pg_temp.expect('service', $q$INSERT INTO public.referral_events (referrer_id, referee_id) VALUES ('smoke_bob', 'smoke_bob')$q$, '23514');
    PERFORM pg_temp.expect('service', $q$INSERT INTO public.referral_events (referrer_id, event_type) VALUES ('smoke_bob', 'BOUGHT')$q$, '23514');
END
$check$;

-- Leaderboards --------------------------------------------------------------------------------------------

DO $check$
DECLARE
    who text;
    board constant text := $q$SELECT handle || ' ' || points FROM public.get_leaderboard(%s, 100) WHERE user_id LIKE 'smoke\_%%'$q$;
BEGIN
    FOREACH who IN ARRAY ARRAY['anon', 'alice', 'rosa', 'adam', 'sue'] LOOP
        PERFORM pg_temp.expect(who, 'SELECT user_id FROM public.leaderboard_totals', '42501');
        PERFORM pg_temp.expect(who, 'SELECT user_id FROM public.leaderboard_30d', '42501');
        PERFORM pg_temp.expect(who, 'SELECT activity_code FROM public.activity_metrics', '42501');
        PERFORM pg_temp.expect(who, 'SELECT public.refresh_leaderboards()', '42501');
    END LOOP;
    PERFORM pg_temp.expect('service', 'SELECT public.refresh_leaderboards()', '', keep => true);

    PERFORM pg_temp.expect('anon', format(board, 'false'), '42501');
    PERFORM pg_temp.expect('service', format(board, 'false'), '42501');
    -- Private profiles are on it for their owners only. Alice was given 20 points above, and 20 by the review.
    PERFORM pg_temp.expect('alice', format(board, 'false'), 'smoke_alice 40,smoke_bob 5');
    PERFORM pg_temp.expect('alice', format(board, 'true'), 'smoke_alice 40,smoke_bob 5');
    PERFORM pg_temp.expect('mallory', format(board, 'false'), 'smoke_bob 5');
    PERFORM pg_temp.expect('rosa', format(board, 'false'), 'smoke_bob 5');
    PERFORM pg_temp.expect('owner', $q$UPDATE public.users SET visibility = 'PRIVATE' WHERE id = 'smoke_bob'$q$, '1', keep => true);
    PERFORM pg_temp.expect('mallory', format(board, 'false'), '');

    PERFORM pg_temp.expect('alice', 'SELECT activity_code FROM public.get_activity_metrics()', '');
    PERFORM pg_temp.expect('anon', 'SELECT activity_code FROM public.get_activity_metrics()', '42501');
    PERFORM pg_temp.expect(
        'rosa',
        $q$SELECT concat_ws(' ', submissions, participants, pending, approved, points_awarded)
           FROM public.get_activity_metrics() WHERE activity_code = 'SMOKE'$q$,
        '6 3 2 2 40'
    );
END
$check$;

-- Times of change ------------------------------------------------------------------------------------------

DO $check$
DECLARE
    it record;
BEGIN
    FOR it IN
        SELECT *
        FROM (VALUES
            ('users', $q$id = 'smoke_dora'$q$),
            ('activities', $q$code = 'SMOKE'$q$),
            ('submissions', $q$title = 'a3'$q$),
            ('badges', $q$code = 'smoke-open'$q$)
        ) AS tables (name, condition)
    LOOP
        PERFORM pg_temp.expect(
            'owner',
            format('UPDATE public.%s SET updated_at = %L WHERE %s', it.name, '2000-01-01', it.condition),
            '1',
            keep => true
        );
        PERFORM pg_temp.expect(
            'owner',
            format('SELECT updated_at >= now() - INTERVAL %L FROM public.%s WHERE %s', '1 second', it.name, it.condition),
            'true'
        );
    END LOOP;
END
$check$;

-- What holds for all of it --------------------------------------------------------------------------------

-- A table that nobody has thought about yet.
CREATE TABLE public.smoke_new_table (id bigserial PRIMARY KEY);
CREATE FUNCTION public.smoke_new_function() RETURNS integer LANGUAGE sql AS 'SELECT 1';

DO $check$
DECLARE
    who text;
    wrong text;
BEGIN
    FOREACH who IN ARRAY ARRAY['anon', 'alice', 'sue', 'service'] LOOP
        PERFORM pg_temp.expect(who, 'SELECT id FROM public.smoke_new_table', '42501');
        PERFORM pg_temp.expect(who, 'INSERT INTO public.smoke_new_table DEFAULT VALUES', '42501');
        PERFORM pg_temp.expect(who, 'SELECT public.smoke_new_function()', '42501');
    END LOOP;

    SELECT string_agg(relname, ', ') INTO wrong
    FROM pg_class
    WHERE relnamespace = 'public'::regnamespace
      AND relkind IN ('r', 'p')
      AND NOT relrowsecurity
      AND relname <> 'smoke_new_table';
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'tables without row level security: %', wrong;
    END IF;

    -- TRUNCATE, REFERENCES and TRIGGER are not subject to row level security.
    SELECT string_agg(DISTINCT format('%s on %s to %s', privilege_type, relname, grantee::regrole), ', ') INTO wrong
    FROM pg_class
    CROSS JOIN LATERAL aclexplode(relacl)
    WHERE relnamespace = 'public'::regnamespace
      AND grantee <> relowner
      AND (grantee = 0 OR privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'USAGE'));
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'privileges beyond those that policies control: %', wrong;
    END IF;

    SELECT string_agg(format('%s to %s', relname, grantee::regrole), ', ') INTO wrong
    FROM pg_class
    CROSS JOIN LATERAL aclexplode(relacl)
    WHERE relnamespace = 'public'::regnamespace
      AND relkind IN ('m', 'v')
      AND grantee IN ('anon'::regrole, 'authenticated'::regrole);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'views that users can reach: %', wrong;
    END IF;

    -- A privilege without a policy serves nobody, and waits for the policy that opens too much.
    SELECT string_agg(format('%s on %s to %s', command, relname, api_role), ', ') INTO wrong
    FROM pg_class
    CROSS JOIN (VALUES ('SELECT', 'r'), ('INSERT', 'a'), ('UPDATE', 'w'), ('DELETE', 'd')) AS commands (command, code)
    CROSS JOIN (VALUES ('anon'), ('authenticated')) AS roles (api_role)
    WHERE relnamespace = 'public'::regnamespace
      AND relkind IN ('r', 'p')
      AND CASE command
              WHEN 'DELETE' THEN has_table_privilege(api_role, pg_class.oid, command)
              ELSE has_any_column_privilege(api_role, pg_class.oid, command)
          END <> EXISTS (
              SELECT
              FROM pg_policy
              WHERE polrelid = pg_class.oid
                AND polcmd IN (code::"char", '*')
                AND api_role::regrole = ANY (polroles)
          );
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'privileges without a policy, or policies without a privilege: %', wrong;
    END IF;

    SELECT string_agg(pg_proc.oid::regprocedure::text, ', ') INTO wrong
    FROM pg_proc
    WHERE pronamespace IN ('public'::regnamespace, 'private'::regnamespace)
      AND proname <> 'smoke_new_function'
      AND NOT coalesce(proconfig @> ARRAY['search_path=""'], false);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'functions without a fixed search path: %', wrong;
    END IF;

    SELECT string_agg(pg_proc.oid::regprocedure::text, ', ') INTO wrong
    FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace
      AND (
          has_function_privilege('anon', pg_proc.oid, 'EXECUTE')
          OR prosecdef AND has_function_privilege('authenticated', pg_proc.oid, 'EXECUTE')
      );
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'functions that are open to everybody, or run as their owner for every user: %', wrong;
    END IF;
END
$check$;

ROLLBACK;
