-- affiliation: as what? The token's word, set before the first presence goes out, upwards and downwards.

local jid_split = require "util.jid".split;
local jid_bare = require "util.jid".bare;

local affiliation = {};
local site, admission;

local standing = { owner = true, admin = true, member = true };

--- Hook: set the affiliation of who is about to join.
function affiliation.apply(event)
	local room, from = event.room, event.stanza.attr.from;
	if site.exempts(from) then return; end
	local decision = admission.decide(event.origin, jid_split(room.jid));
	if not decision or not decision.affiliation then return; end
	local bare = jid_bare(from);
	local current = room:get_affiliation(bare);
	if current == "outcast" then return; end -- banned stays banned
	if room:get_members_only() and not standing[current or "none"] and not decision.passes_lobby then return; end
	if current ~= decision.affiliation then
		room:set_affiliation(true, bare, decision.affiliation);
	end
	event.occupant.role = room:get_default_role(decision.affiliation);
end

return function (this_site, this_admission)
	site, admission = this_site, this_admission;
	return affiliation;
end;
