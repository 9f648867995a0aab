SELECT b.id, to_jsonb(b) - ARRAY['id', 'created_at', 'updated_at', 'owner', 'owner_id'] FROM storage.buckets b
