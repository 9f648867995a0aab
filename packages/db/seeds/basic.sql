-- A few people of each role, and a bit of everything they do.
--
-- Deterministic: no clock, no random values. Runs after the last migration of either history, and can run
-- again: what is there stays as it is. It begins no transaction, because whoever runs it does:
--
--     psql "$DATABASE_URL" -v ON_ERROR_STOP=1 --single-transaction -f packages/db/seeds/basic.sql

INSERT INTO public.users (
    id, handle, name, email, school, role, user_type, visibility, timezone, kajabi_contact_id, referral_code,
    referred_by_id, created_at
)
VALUES
    ('user_sofia', 'sofia', 'Sofia Lindqvist', 'sofia@leaps.example', NULL,
        'SUPERADMIN', 'PARTNER', 'PRIVATE', 'Europe/Stockholm', NULL, 'sofia-000001', NULL,
        '2025-09-22 08:00:00+00'),
    ('user_amara', 'amara', 'Amara Okafor', 'amara@leaps.example', NULL,
        'ADMIN', 'PARTNER', 'PUBLIC', 'Africa/Lagos', NULL, 'amara-000002', NULL,
        '2025-09-22 08:05:00+00'),
    ('user_ravi', 'ravi', 'Ravi Menon', 'ravi@leaps.example', 'Hillside School',
        'REVIEWER', 'EDUCATOR', 'PUBLIC', 'Asia/Kolkata', NULL, 'ravi-0000003', NULL,
        '2025-09-22 09:00:00+00'),
    ('user_elena', 'elena', 'Elena Petrova', 'elena@leaps.example', 'Harbour College',
        'REVIEWER', 'EDUCATOR', 'PRIVATE', 'Europe/Sofia', NULL, 'elena-000004', NULL,
        '2025-09-22 09:10:00+00'),
    ('user_maya', 'maya', 'Maya Fernandes', 'maya@leaps.example', 'Hillside School',
        'PARTICIPANT', 'EDUCATOR', 'PUBLIC', 'Asia/Kolkata', 'kj-40017', 'maya-0000005', NULL,
        '2025-09-23 07:30:00+00'),
    ('user_jonas', 'jonas', 'Jonas Weber', 'jonas@leaps.example', 'Harbour College',
        'PARTICIPANT', 'EDUCATOR', 'PRIVATE', 'Europe/Berlin', 'kj-40018', 'jonas-000006', 'user_maya',
        '2025-09-24 12:00:00+00'),
    ('user_lin', 'lin', 'Lin Wei', 'lin@leaps.example', 'Garden Street Primary',
        'PARTICIPANT', 'STUDENT', 'PUBLIC', 'Asia/Singapore', NULL, 'lin-00000007', 'user_maya',
        '2025-09-25 03:15:00+00'),
    ('user_tomas', 'tomas', 'Tomas Novak', 'tomas@leaps.example', NULL,
        'PARTICIPANT', 'STUDENT', 'PRIVATE', 'UTC', NULL, 'tomas-000008', NULL,
        '2025-10-01 16:45:00+00')
ON CONFLICT DO NOTHING;

INSERT INTO public.activities (
    code, name, description, default_points, points_multiplier, max_attachments, is_active, opens_on, closes_on,
    tags, guidance, display_order, created_at
)
VALUES
    ('LEARN', 'Learn', 'Complete a course and show the certificate.',
        20, 1.00, 3, true, NULL, NULL, ARRAY['course', 'self-paced'],
        '{"steps": ["Finish the course", "Upload the certificate"]}', 1, '2025-09-22 08:10:00+00'),
    ('EXPLORE', 'Explore', 'Try what you learned in your own class.',
        50, 1.00, 5, true, '2025-09-01', '2026-06-30', ARRAY['classroom'],
        '{"steps": ["Plan a lesson", "Hold it", "Reflect on it"]}', 2, '2025-09-22 08:10:00+00'),
    ('AMPLIFY', 'Amplify', 'Train your colleagues or other students.',
        40, 1.50, 5, true, '2025-10-01', '2026-06-30', ARRAY['classroom', 'training'],
        '{"steps": ["Invite people", "Hold the training", "Upload the list of participants"]}', 3,
        '2025-09-22 08:10:00+00'),
    ('PRESENT', 'Present', 'Share a story in public.',
        30, 1.00, 2, true, NULL, NULL, ARRAY['story'],
        '{"steps": ["Publish it", "Paste the link"]}', 4, '2025-09-22 08:10:00+00'),
    ('SHINE', 'Shine', 'Be featured in the newsletter. By invitation.',
        100, 1.00, 1, false, NULL, NULL, ARRAY['story', 'invitation'],
        '{"steps": []}', 5, '2025-09-22 08:10:00+00')
ON CONFLICT DO NOTHING;

-- One of each status, and of each visibility.
INSERT INTO public.submissions (
    id, user_id, activity_code, title, payload, status, visibility, submitted_at, reviewer_id, review_comment,
    reviewed_at, points_awarded, created_at
)
VALUES
    ('5b000000-0000-4000-8000-000000000001', 'user_maya', 'LEARN', 'Certificate: Foundations',
        '{"course": "foundations", "hours": 6}', 'APPROVED', 'PUBLIC', '2025-09-26 10:00:00+00',
        'user_ravi', 'Well done.', '2025-09-27 08:30:00+00', 20, '2025-09-26 09:40:00+00'),
    ('5b000000-0000-4000-8000-000000000002', 'user_maya', 'EXPLORE', 'A lesson on sorting, without computers',
        '{"pupils": 24, "reflection": "They argued about ties, which was the point."}', 'APPROVED', 'PUBLIC',
        '2025-10-03 14:00:00+00', 'user_elena', NULL, '2025-10-04 11:00:00+00', 50, '2025-10-02 18:00:00+00'),
    ('5b000000-0000-4000-8000-000000000003', 'user_maya', 'AMPLIFY', 'Workshop for the maths department',
        '{"peers": 9}', 'PENDING', 'PRIVATE', '2025-10-10 13:00:00+00', NULL, NULL, NULL, NULL,
        '2025-10-09 20:00:00+00'),
    ('5b000000-0000-4000-8000-000000000004', 'user_jonas', 'LEARN', 'Certificate: Foundations',
        '{"course": "foundations", "hours": 5}', 'REJECTED', 'PRIVATE', '2025-09-29 09:00:00+00',
        'user_ravi', 'This is the certificate of another person.', '2025-09-30 07:45:00+00', NULL,
        '2025-09-29 08:50:00+00'),
    ('5b000000-0000-4000-8000-000000000005', 'user_jonas', 'EXPLORE', 'Group work with roles',
        '{"pupils": 18}', 'CHANGES_REQUESTED', 'PRIVATE', '2025-10-06 15:00:00+00',
        'user_elena', 'What did the pupils say? Please add the reflection.', '2025-10-07 09:00:00+00', NULL,
        '2025-10-06 14:30:00+00'),
    ('5b000000-0000-4000-8000-000000000006', 'user_lin', 'PRESENT', 'My first talk',
        '{"link": "https://talks.example/lin"}', 'PENDING', 'PUBLIC', '2025-10-08 05:00:00+00',
        NULL, NULL, NULL, NULL, '2025-10-08 04:55:00+00'),
    ('5b000000-0000-4000-8000-000000000007', 'user_lin', 'LEARN', 'Certificate: Storytelling',
        '{"course": "storytelling", "hours": 3}', 'APPROVED', 'PRIVATE', '2025-10-02 02:00:00+00',
        'user_ravi', NULL, '2025-10-02 06:20:00+00', 20, '2025-10-02 01:50:00+00'),
    ('5b000000-0000-4000-8000-000000000008', 'user_tomas', 'LEARN', 'Certificate',
        '{}', 'DRAFT', 'PRIVATE', NULL, NULL, NULL, NULL, NULL, '2025-10-05 17:00:00+00'),
    -- Reviewers take part as well, and are reviewed by others.
    ('5b000000-0000-4000-8000-000000000009', 'user_ravi', 'PRESENT', 'Reviewing as a way of learning',
        '{"link": "https://blog.example/ravi"}', 'PENDING', 'PRIVATE', '2025-10-09 11:00:00+00',
        NULL, NULL, NULL, NULL, '2025-10-09 10:30:00+00')
ON CONFLICT DO NOTHING;

INSERT INTO public.submission_attachments (
    id, submission_id, owner_id, path, file_name, content_type, size_bytes, sha256, caption, created_at
)
VALUES
    ('a7000000-0000-4000-8000-000000000001', '5b000000-0000-4000-8000-000000000001', 'user_maya',
        'user_maya/5b000000-0000-4000-8000-000000000001/certificate.pdf', 'certificate.pdf',
        'application/pdf', 184320, decode(repeat('a1', 32), 'hex'), NULL, '2025-09-26 09:45:00+00'),
    ('a7000000-0000-4000-8000-000000000002', '5b000000-0000-4000-8000-000000000002', 'user_maya',
        'user_maya/5b000000-0000-4000-8000-000000000002/blackboard.jpg', 'blackboard.jpg',
        'image/jpeg', 921600, decode(repeat('b2', 32), 'hex'), 'The board at the end',
        '2025-10-02 18:10:00+00'),
    ('a7000000-0000-4000-8000-000000000003', '5b000000-0000-4000-8000-000000000003', 'user_maya',
        'user_maya/5b000000-0000-4000-8000-000000000003/participants.pdf', 'participants.pdf',
        'application/pdf', 51200, NULL, NULL, '2025-10-09 20:05:00+00'),
    ('a7000000-0000-4000-8000-000000000004', '5b000000-0000-4000-8000-000000000008', 'user_tomas',
        'user_tomas/5b000000-0000-4000-8000-000000000008/scan.png', 'scan.png',
        'image/png', 307200, NULL, NULL, '2025-10-05 17:01:00+00')
ON CONFLICT DO NOTHING;

INSERT INTO public.kajabi_events (
    id, event_id, event_type, payload, user_id, attempts, last_error, received_at, processed_at
)
VALUES
    ('e0000000-0000-4000-8000-000000000001', 'evt-9001', 'tag.added',
        '{"contact": "kj-40017", "tag": "foundations-complete"}', 'user_maya', 1, NULL,
        '2025-09-26 09:30:00+00', '2025-09-26 09:30:01+00'),
    ('e0000000-0000-4000-8000-000000000002', 'evt-9002', 'tag.added',
        '{"contact": "kj-40018", "tag": "foundations-complete"}', 'user_jonas', 1, NULL,
        '2025-09-29 08:40:00+00', '2025-09-29 08:40:02+00'),
    ('e0000000-0000-4000-8000-000000000003', 'evt-9003', 'tag.added',
        '{"contact": "kj-49999", "tag": "storytelling-complete"}', NULL, 3, 'no user with this contact',
        '2025-10-02 01:40:00+00', NULL)
ON CONFLICT DO NOTHING;

INSERT INTO public.learn_tag_grants (id, user_id, tag_name, kajabi_event_id, granted_at)
VALUES
    ('7a000000-0000-7000-8000-000000000001', 'user_maya', 'foundations-complete',
        'e0000000-0000-4000-8000-000000000001', '2025-09-26 09:30:01+00'),
    ('7a000000-0000-7000-8000-000000000002', 'user_jonas', 'foundations-complete',
        'e0000000-0000-4000-8000-000000000002', '2025-09-29 08:40:02+00'),
    ('7a000000-0000-7000-8000-000000000003', 'user_lin', 'storytelling-complete', NULL,
        '2025-08-15 00:00:00+00')
ON CONFLICT DO NOTHING;

-- The external ids are what keeps a second run from giving the points again.
INSERT INTO public.points_ledger (
    user_id, source, delta, activity_code, submission_id, external_event_id, recorded_by_id, note, created_at
)
VALUES
    ('user_maya', 'FORM', 20, 'LEARN', '5b000000-0000-4000-8000-000000000001', 'seed-1', 'user_ravi', NULL,
        '2025-09-27 08:30:00+00'),
    ('user_lin', 'FORM', 20, 'LEARN', '5b000000-0000-4000-8000-000000000007', 'seed-2', 'user_ravi', NULL,
        '2025-10-02 06:20:00+00'),
    ('user_maya', 'FORM', 50, 'EXPLORE', '5b000000-0000-4000-8000-000000000002', 'seed-3', 'user_elena', NULL,
        '2025-10-04 11:00:00+00'),
    ('user_maya', 'REFERRAL', 5, NULL, NULL, 'seed-4', NULL, 'Jonas joined', '2025-09-24 12:00:00+00'),
    ('user_maya', 'REFERRAL', 5, NULL, NULL, 'seed-5', NULL, 'Lin joined', '2025-09-25 03:15:00+00'),
    ('user_jonas', 'MANUAL', 15, NULL, NULL, 'seed-6', 'user_amara', 'Helped at the open day',
        '2025-10-05 18:00:00+00'),
    ('user_lin', 'WEBHOOK', 10, NULL, NULL, 'seed-7', NULL, 'storytelling-complete', '2025-10-02 01:41:00+00')
ON CONFLICT DO NOTHING;

-- Points given by mistake are taken back by an entry of their own.
INSERT INTO public.points_ledger (
    user_id, source, delta, external_event_id, reverses_id, recorded_by_id, note, created_at
)
SELECT
    user_id, 'MANUAL', -delta, 'seed-8', id, 'user_amara', 'It was Jonas Maier who helped',
    '2025-10-06 08:00:00+00'
FROM public.points_ledger
WHERE source = 'MANUAL' AND external_event_id = 'seed-6'
ON CONFLICT DO NOTHING;

INSERT INTO public.badges (
    code, name, description, icon_url, tier, points_threshold, criteria, is_secret, created_at
)
VALUES
    ('first-steps', 'First steps', 'Your first points.', '/badges/first-steps.svg', 1, 1, '{}', false,
        '2025-09-22 08:15:00+00'),
    ('pathfinder', 'Pathfinder', 'Fifty points.', '/badges/pathfinder.svg', 2, 50, '{}', false,
        '2025-09-22 08:15:00+00'),
    ('mentor', 'Mentor', 'Trained ten people.', '/badges/mentor.svg', 3, NULL, '{"peers": 10}', false,
        '2025-09-22 08:15:00+00'),
    ('night-owl', 'Night owl', 'Handed something in between two and five in the morning.', NULL, 1, NULL,
        '{"hours": [2, 3, 4]}', true, '2025-09-22 08:15:00+00')
ON CONFLICT DO NOTHING;

INSERT INTO public.earned_badges (user_id, badge_code, earned_at, awarded_by_id)
VALUES
    ('user_maya', 'first-steps', '2025-09-24 12:00:00+00', NULL),
    ('user_maya', 'pathfinder', '2025-10-04 11:00:00+00', NULL),
    ('user_lin', 'first-steps', '2025-10-02 01:41:00+00', NULL),
    ('user_lin', 'night-owl', '2025-10-02 02:00:00+00', NULL),
    ('user_ravi', 'mentor', '2025-10-03 10:00:00+00', 'user_amara')
ON CONFLICT DO NOTHING;

INSERT INTO public.referral_events (
    id, referrer_id, referee_id, event_type, external_event_id, metadata, created_at
)
VALUES
    ('4ef00000-0000-4000-8000-000000000001', 'user_maya', NULL, 'CLICKED', 'click-1',
        '{"campaign": "autumn"}', '2025-09-24 11:52:00+00'),
    ('4ef00000-0000-4000-8000-000000000002', 'user_maya', 'user_jonas', 'SIGNED_UP', 'signup-1',
        '{"campaign": "autumn"}', '2025-09-24 12:00:00+00'),
    ('4ef00000-0000-4000-8000-000000000003', 'user_maya', 'user_jonas', 'ACTIVATED', 'activated-1',
        '{}', '2025-09-29 09:00:00+00'),
    ('4ef00000-0000-4000-8000-000000000004', 'user_maya', 'user_lin', 'SIGNED_UP', 'signup-2',
        '{}', '2025-09-25 03:15:00+00')
ON CONFLICT DO NOTHING;

-- The log has no key that a second run could run into, so it is asked first.
INSERT INTO public.audit_log (actor_id, action, entity, entity_id, details, ip_address, created_at)
SELECT entry.*
FROM (VALUES
    ('user_sofia', 'user.role_changed', 'users', 'user_amara',
        '{"from": "PARTICIPANT", "to": "ADMIN"}'::jsonb, '192.0.2.10'::inet,
        '2025-09-22 08:06:00+00'::timestamptz),
    ('user_amara', 'user.role_changed', 'users', 'user_ravi',
        '{"from": "PARTICIPANT", "to": "REVIEWER"}', '192.0.2.11', '2025-09-22 09:05:00+00'),
    ('user_amara', 'user.role_changed', 'users', 'user_elena',
        '{"from": "PARTICIPANT", "to": "REVIEWER"}', '192.0.2.11', '2025-09-22 09:12:00+00'),
    ('user_ravi', 'submission.reviewed', 'submissions', '5b000000-0000-4000-8000-000000000001',
        '{"decision": "APPROVED", "points": 20}', NULL, '2025-09-27 08:30:00+00')
) AS entry (actor_id, action, entity, entity_id, details, ip_address, created_at)
WHERE NOT EXISTS (
    SELECT
    FROM public.audit_log AS log
    WHERE log.entity = entry.entity
      AND log.entity_id = entry.entity_id
      AND log.created_at = entry.created_at
);
