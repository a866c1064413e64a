-- claims: what is kept of tokens for single use (meetauth/server/singleuse.lua): a row for each claim, in a group with the
-- token's name. A claim whose login has failed is no longer valid, whether storage has it or not. It is dropped there as
-- soon as that works.

local storage = module:require "storage";

local claims = {};

local VOID_MAX = 1000;

local store = storage.open("meetauth_used");

-- The names of tokens by the id of such a claim. A reload of this module forgets none.
local void = module:shared("void-claims");

local function count_of(all)
	local count = 0;
	for _ in pairs(all) do count = count + 1; end
	return count;
end

local function put_off(name, id)
	if count_of(void) < VOID_MAX then void[id] = name; end -- else the token stays used up
end

function claims.read(name)
	local rows = store:rows(name);
	if not rows then return nil; end
	for id in pairs(rows) do
		if void[id] then rows[id] = nil; end
	end
	return rows;
end

function claims.add(name, id, expires)
	local kept, was_tried = store:keep(name, id, expires);
	if not kept and was_tried then put_off(name, id); end
	return kept or nil;
end

function claims.remove(name, id)
	if store:keep(name, id, nil) then return true; end
	put_off(name, id);
	return nil;
end

--- The names of all tokens that claims are kept for; nil where they cannot be read.
---@return string[]?
function claims.names()
	return store:groups();
end

---@param name string
---@return boolean dropped
function claims.forget(name)
	return store:forget(name);
end

--- Drop claims that count no more, as far as storage takes it.
function claims.tidy()
	for id, name in pairs(void) do
		if not store:keep(name, id, nil) then return; end
		void[id] = nil;
	end
end

return claims;
