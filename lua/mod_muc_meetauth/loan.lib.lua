-- loan: affiliations that a room holds for sessions in it, and the room's own affiliations of their bare JIDs. An
-- affiliation from a token, a component or a module is lent, and taken back later. An affiliation from a human owner
-- stays. The ledger is kept with the room. A room of a server that was killed therefore knows which affiliations to take
-- back.

local loan = {};

local rank = { outcast = -1, none = 0, member = 1, admin = 2, owner = 3 };

function loan.higher(one, other) return rank[one] >= rank[other] and one or other; end

function loan.lower(one, other) return rank[one] <= rank[other] and one or other; end

--- The present affiliation of a bare JID in a room: the room's own line, else the affiliation of admins and of banned
-- domains.
---@return string affiliation
function loan.standing(room, bare)
	return room._affiliations[bare] or room:get_affiliation(bare) or "none";
end

local function ledger(room)
	room._data.meetauth_lent = room._data.meetauth_lent or {};
	return room._data.meetauth_lent;
end

--- Whether a room holds an affiliation of that bare JID on somebody's behalf.
---@return boolean
function loan.is_lent(room, bare)
	local lent = room._data.meetauth_lent;
	return lent ~= nil and lent[bare] ~= nil;
end

--- The room's own affiliation of a bare JID, without a loan.
---@param current string  what it says now
---@return string affiliation
function loan.own(room, bare, current)
	local lent = room._data.meetauth_lent;
	return lent and lent[bare] or current;
end

--- From now on the affiliation is the room's own: a human decided.
function loan.forget(room, bare)
	local lent = room._data.meetauth_lent;
	if not lent then return; end
	lent[bare] = nil;
	if next(lent) == nil then room._data.meetauth_lent = nil; end
end

--- Other code raised an affiliation for a present person: a loan, too.
---@param own string  what the room itself says
function loan.note(room, bare, own)
	ledger(room)[bare] = own;
end

local writing; -- the change that is ours, while it is made

--- Whether a change of an affiliation is one that this file makes.
---@param event table  of muc-set-affiliation
function loan.is_ours(event)
	return writing ~= nil and writing.room == event.room and writing.bare == event.jid
		and writing.affiliation == event.affiliation;
end

local plain = { none = true, member = true };

local function write_quietly(room, bare, affiliation)
	room._affiliations[bare] = affiliation ~= "none" and affiliation or nil;
end

-- Prosody's set_affiliation walks over all occupants, saves the room and tells everybody in it. Of a participant who is
-- not in the room yet, or any more, nobody needs to be told.
local function write(room, bare, from, to, is_inside)
	if from == to then return; end
	if not is_inside and plain[from] and plain[to] then return write_quietly(room, bare, to); end
	writing = { room = room, bare = bare, affiliation = to };
	room:set_affiliation(true, bare, to);
	writing = nil;
end

--- Let a room say more of a bare JID than it does of itself, until it is taken back.
---@param current string      what it says now
---@param affiliation string  the wanted affiliation
---@param is_inside boolean   somebody with that bare JID is in the room
function loan.lend(room, bare, current, affiliation, is_inside)
	loan.note(room, bare, loan.own(room, bare, current));
	write(room, bare, current, affiliation, is_inside);
end

--- Let a room say of a bare JID what it says of itself.
---@param is_inside boolean
function loan.take_back(room, bare, is_inside)
	if not loan.is_lent(room, bare) then return; end
	local current = loan.standing(room, bare);
	local own = loan.own(room, bare, current);
	loan.forget(room, bare);
	if current ~= "outcast" then write(room, bare, current, own, is_inside); end
end

--- Take back the loans of a room that ends with its last occupant: nobody must be told.
function loan.write_off(room, bare)
	local own = loan.own(room, bare, "none");
	loan.forget(room, bare);
	write_quietly(room, bare, own);
end

--- The bare JIDs that a room holds something for.
---@return string[]
function loan.all(room)
	local list = {};
	for bare in pairs(room._data.meetauth_lent or {}) do list[#list + 1] = bare; end
	return list;
end

return loan;
