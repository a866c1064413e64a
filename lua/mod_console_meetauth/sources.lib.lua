-- sources: the keys of the host's entries, the addresses that do not answer, and what is revoked, as text.

local time_now = require "util.time".now;

local array = require "meetauth".array;
local datetime = require "meetauth.util.datetime";
local text = require "meetauth.util.text";
local times = require "meetauth.util.times";

local sources = {};

local function span(seconds)
	if not seconds then return nil; end
	local count, unit = datetime.span(seconds);
	return ("%.0f %s%s"):format(count, unit, count == 1 and "" or "s");
end

local function shown(value) return value and text.visible(value); end

local function key_of(row, now)
	return {
		entry = row.entry, kid = shown(row.kid), alg = row.alg, source = row.source, at = shown(row.at), state = row.state,
		age = span(row.age), next_look = row.next_look and times.relative(now + row.next_look, now), uses = row.uses,
		last_used = row.last_used and times.relative(row.last_used, now),
	};
end

--- All of it.
---@param auth table  the environment of mod_auth_meetauth
---@return { keys: table[], failing: table[], revoked: table[] }
function sources.all(auth)
	local now, keys, failing, revoked = time_now(), {}, {}, {};
	local known, missing = auth.keys_status();
	for i, row in ipairs(known) do keys[i] = key_of(row, now); end
	for i, one in ipairs(missing) do
		failing[i] = { entry = one.entry, source = one.source, at = shown(one.at), why = shown(one.why) };
	end
	for i, one in ipairs(auth.revoked()) do
		revoked[i] = {
			id = one.id, kind = one.kind, value = shown(one.value), entry = one.entry, since = times.relative(one.since, now),
			ends = one.ends and times.localtime(one.ends),
		};
	end
	return { keys = array(keys), failing = array(failing), revoked = array(revoked) };
end

return sources;
