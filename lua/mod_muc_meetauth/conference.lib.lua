-- conference: what is said to somebody who asks Jitsi's focus for a conference in a room here, before they join it. The web
-- app shows that answer on the screen, and no word of a refused join.

local admission = module:require "admission";
local place = module:require "place";

local conference = {};

-- A person without a token can still log in: the client offers that when the join is refused.
local FOR_THE_JOIN = "token-required";

--- Why a session cannot have a conference in the room at an address; nil: it can, or it is told at the join.
---@param session table
---@param address string  prepared, without a resource
---@return string? text  for the asking session
function conference.refusal(session, address)
	if place.exempts(session.full_jid) then return nil; end
	local room = admission.room_at(address);
	if not room or room.get_occupant_by_real_jid and room:get_occupant_by_real_jid(session.full_jid) then return nil; end
	local decision, reason = admission.decide(session, room);
	if decision or reason == FOR_THE_JOIN then return nil; end
	return admission.refusal(session, room, reason);
end

return conference;
