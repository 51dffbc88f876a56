-- who left was kept out by having left; whoever was added again had the old keys again
update api_key k set revoked_at = m.removed_at, version = k.version + 1
from member m where m.key = k.member_key and m.removed_at is not null and k.revoked_at is null;
