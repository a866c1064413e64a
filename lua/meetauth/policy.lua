--- The decision per room: may this grant enter, and as what? The only file that decides.
-- Pure: grant, address and clock in; decision or reason out.

local policy = {};

---@class Decision
---@field affiliation "owner"|"member"
---@field passes_lobby boolean  enters a members-only room without having been let in before

-- "[tenant]name" in two; a plain room has no tenant.
local function split(node)
	local tenant, name = node:match("^%[([^%]]+)%](.+)$");
	return tenant, name or node;
end

-- sub names the base domain of a plain room, the tenant of a tenant's room, or "*" for all of them.
local function fits_domain(grant, tenant, base)
	local domain = grant.domain and grant.domain:lower();
	if domain == "*" then return true; end
	if grant.check_domain then return domain == (tenant or base); end
	-- a tenant's room is never opened by a sub that names another tenant, whatever the setting
	return not tenant or domain == nil or domain == tenant or domain == base;
end

local function fits_tenant(grant, tenant, base)
	if grant.tenant then return tenant == grant.tenant:lower(); end
	if grant.dialect == "daily" then return tenant == nil; end
	return fits_domain(grant, tenant, base);
end

--- Whether the time window of a grant is open (RFC 7519 4.1.4, 4.1.5); its leeway is counted in.
---@param grant Grant
---@param now number       seconds since the epoch
---@return string? reason  expired, not-yet-valid; nil: it is open
function policy.closed(grant, now)
	if grant.expires and now >= grant.expires then return "expired"; end
	if grant.not_before and now < grant.not_before then return "not-yet-valid"; end
	return nil;
end

--- May the bearer enter or create this room?
---@param grant Grant
---@param node string?  the room's name, prepared as Prosody does (lower case)
---@param base string   the domain that the MUC component belongs to, such as "meet.example"
---@param now number    seconds since the epoch
---@return Decision? decision
---@return string? reason  invalid-room-address, room-mismatch, expired, not-yet-valid
function policy.enter(grant, node, base, now)
	local reason = policy.closed(grant, now);
	if reason then return nil, reason; end
	if not node or node == "" then return nil, "invalid-room-address"; end
	local tenant, name = split(node);
	if grant.room ~= "*" and grant.room:lower() ~= name then return nil, "room-mismatch"; end
	if not fits_tenant(grant, tenant, base) then return nil, "room-mismatch"; end
	return { affiliation = grant.owner == "granted" and "owner" or "member", passes_lobby = grant.passes_lobby };
end

return policy;
