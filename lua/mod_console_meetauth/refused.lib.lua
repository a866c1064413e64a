-- refused: the last refusals of the host and its rooms, and everything that is kept of one of them.

local random_bytes = require "util.random".bytes;
local time_now = require "util.time".now;

local array = require "meetauth".array;
local cells = require "meetauth.page.cells";
local names_of = require "meetauth.util.list".names;
local reasons = require "meetauth.reasons";
local refusals = require "meetauth.server.refusals";
local text = require "meetauth.util.text";
local times = require "meetauth.util.times";
local words = require "meetauth.page.words".refusals;

local place = module:require "place";

local refused = {};

local SHOWN = 200;

local kept = refusals.keeper(module:shared("/*/meetauth/refusals"), random_bytes);

local function is_ours(one) return place.has(one.host); end

local function moment(at, now)
	return ("%s  %s"):format(times.localtime(at), times.relative(at, now));
end

--- The last ones, newest first, and the counts of the last hour by reason, the greatest first.
---@return { list: table[], hour: { reason: string, count: integer }[] }
function refused.latest()
	local now, list, hour = time_now(), {}, {};
	for i, one in ipairs(kept:latest(SHOWN, is_ours)) do
		local hint, write = cells.hint({ hint = refusals.hint_now(one, now) });
		list[i] = {
			ref = one.ref, last = times.relative(one.last, now), count = one.count, stage = one.stage, host = one.host,
			entry = one.entry, reason = one.reason, hint = hint, write = write,
		};
	end
	local counts = kept:hour(now, place.has);
	for i, reason in ipairs(names_of(counts)) do hour[i] = { reason = reason, count = counts[reason] }; end
	table.sort(hour, function (a, b) return a.count > b.count or a.count == b.count and a.reason < b.reason; end);
	return { list = array(list), hour = array(hour) };
end

--- Everything that is kept of one, in the order in which it is read.
---@param ref string
---@return { reason: string, rows: { name: string, value: string }[] }?
---@return string? problem
function refused.why(ref)
	local found, now = kept:find(ref), time_now();
	if not found or not is_ours(found) then return nil, refusals.UNKNOWN; end
	local reason, list = reasons.by_word[found.reason] or {}, {};
	local hint, write = cells.hint({ hint = refusals.hint_now(found, now) });
	for _, row in ipairs({
		{ "reason", found.reason }, { "meaning", reason.meaning }, { "cause", reasons.cause(found.reason, found.dialect) },
		{ "hint", hint }, { "write", write }, { "check", found.check },
		{ "expected", found.expected and cells.expected(found) }, { "found", found.found },
		{ "stage", found.stage }, { "host", found.host }, { "entry", found.entry }, { "dialect", found.dialect },
		{ "algorithm", found.alg }, { "kid", found.kid }, { "count", ("%d"):format(found.count) },
		{ "first", moment(found.first, now) }, { "last", moment(found.last, now) },
	}) do
		if row[2] then list[#list + 1] = { name = words.why[row[1]], value = text.visible(row[2]) }; end
	end
	return { reason = found.reason, ref = found.ref, rows = array(list) };
end

return refused;
