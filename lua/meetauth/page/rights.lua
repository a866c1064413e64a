--- The rights of a grant, in plain sentences: which room, as what, until when; lobby, features, what may be sent.

local names_of = require "meetauth.util.list".names;
local text = require "meetauth.util.text";
local times = require "meetauth.util.times";
local words = require "meetauth.page.words".rights;

local rights = {};

local DAY = 86400; -- seconds

-- "14:05", with the date where it is another day than now; nil for what is no date.
local function clock(at, now)
	local whole = times.localtime(at);
	if not whole then return nil; end
	return math.abs(at - now) < DAY and os.date("%H:%M", math.floor(at)) or whole:sub(1, 16);
end

local function period(grant, now)
	local from = grant.not_before and grant.not_before > now and clock(grant.not_before, now);
	local till = grant.expires and clock(grant.expires, now);
	local last = till and words.till:format(till, times.relative(grant.expires, now)) or words.ever;
	return (from and words.from:format(from) or "") .. last;
end

local function rooms_of(grant)
	if grant.room == "*" then return words.any_room; end
	local names = type(grant.room) == "table" and grant.room or { grant.room };
	local form = grant.room_pattern and words.rooms_like or names[2] and words.rooms or "%s";
	return form:format(text.visible(table.concat(names, ", ")));
end

local function role_of(grant)
	if grant.owner == "granted" then return "owner"; end
	return grant.admin or "member";
end

local function lobby_of(grant)
	if grant.makes_lobby then return words.makes_lobby; end
	if grant.wants_lobby then return words.wants_lobby; end
	if grant.knocks then return words.knocks; end
	return grant.passes_lobby and words.passes_lobby or words.waits;
end

-- Features in words where there are some, else by their names.
local function list_of(features)
	local list = names_of(features, function (name) return features[name] == true or features[name] == "true"; end);
	for i, name in ipairs(list) do list[i] = words.features[name] or words.feature:format(name); end
	return list[1] and table.concat(list, ", ");
end

--- The sentences.
---@param grant Grant
---@param room string?         that the bearer may enter, where one was asked for
---@param decision Decision?   on that room; nil: it is refused, or none was asked for
---@param now number
---@return string[]
function rights.of(grant, room, decision, now)
	local list = {};
	local function add(sentence, ...) list[#list + 1] = sentence:format(...); end
	if decision then
		add(words.enters, text.visible(room), decision.affiliation, period(grant, now));
	else
		add(words.opens, rooms_of(grant), role_of(grant), period(grant, now));
	end
	add(lobby_of(grant));
	if grant.passes_password then add(words.password); end
	if grant.features then
		local may = list_of(grant.features);
		add(may and words.may or words.may_nothing, may);
	else
		add(words.by_role);
	end
	if grant.send then
		local sends = names_of(grant.send);
		add(sends[1] and words.sends or words.sends_nothing, table.concat(sends, " "));
	end
	if grant.single_use then add(words.once); end
	if grant.at_expiry == "kick" then add(words.put_out); end
	return list;
end

return rights;
