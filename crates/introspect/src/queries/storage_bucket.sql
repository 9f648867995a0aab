-- What a team decides about a bucket; the platform adds columns of its own from version to version.
SELECT b.id, jsonb_build_object('name', j -> 'name', 'public', j -> 'public',
         'file_size_limit', j -> 'file_size_limit', 'allowed_mime_types', j -> 'allowed_mime_types')
FROM storage.buckets b, to_jsonb(b) j
