--- Hints beside where a token leads: the room's name and its tenant.

local roomname = require "meetauth.room.name";

-- Whether a room that a grant names looks like that.
local function looks(grant, like)
	for _, name in ipairs(type(grant.room) == "table" and grant.room or { grant.room }) do
		if name:find(like) then return true; end
	end
	return false;
end

---@type Hint[]
return {
	{ check = "room", reason = "room-mismatch", says = "room is an address: it has to be the room's name alone",
		holds = function (s) return looks(s.grant, "[/@]"); end };
	{ check = "room", reason = "room-mismatch",
		says = "room looks like a pattern: it is one with context.room.glob or context.room.regex",
		holds = function (s) return not s.grant.room_pattern and looks(s.grant, "[*?]"); end };
	{ check = "room", reason = "room-mismatch", says = "room names the tenant, too: that stands in sub",
		holds = function (s) return looks(s.grant, "^%[.+%]"); end };
	{ check = "tenant", reason = "room-mismatch",
		says = "sub looks like the domain in the browser's address: the server's own, for these rooms, is %s",
		holds = function (s)
			local domain = s.grant.domain;
			return domain and domain:find(".", 1, true) and not roomname.split(s.room.node) and s.place.base;
		end };
	{ check = "tenant", reason = "room-mismatch",
		says = "sub is the server's domain or another tenant: this room is a tenant's",
		holds = function (s) return s.grant.domain and roomname.split(s.room.node); end };
	{ check = "tenant", reason = "room-mismatch", says = "sub names a tenant, and this room is none's",
		holds = function (s) return s.grant.domain; end };
	{ check = "tenant", reason = "room-mismatch", says = "the entry opens rooms of its tenant only",
		holds = function (s) return s.grant.tenant; end };
};
