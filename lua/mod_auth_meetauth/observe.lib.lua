-- observe: the decisions that tokens would have got. They are logged and counted, and change nothing for the users.

local stringprep = require "util.encodings".stringprep;
local time_now = require "util.time".now;

local policy = require "meetauth.access.policy";

local observe = {};

local place = { base = module.host, nfkc = stringprep.resourceprep, fold = stringprep.nameprep };

local observed = module:metric("counter", "observed", "", "tokens judged without admitting anybody", { "entry", "verdict" });

local counts = {}; -- by entry

-- The room that a client names in its address, as Jitsi's mod_muc_domain_mapper would call it; nil where it names none.
local function room_of(session)
	local name, prefix = session.jitsi_web_query_room, session.jitsi_web_query_prefix or "";
	name = name and stringprep.nodeprep(name);
	if not name then return nil; end
	return { node = prefix ~= "" and ("[%s]%s"):format(prefix:lower(), name) or name, prefix = prefix };
end

local function refused_there(session, grant)
	local room = grant and room_of(session);
	if not room then return nil; end
	local _, reason = policy.enter(grant, room, place, time_now());
	return reason;
end

local function count(entry, reason, differs)
	local of_entry = counts[entry] or { entry = entry, accepted = 0, refused = 0, reasons = {}, differs = 0 };
	counts[entry] = of_entry;
	if reason then
		of_entry.refused = of_entry.refused + 1;
		of_entry.reasons[reason] = (of_entry.reasons[reason] or 0) + 1;
	else
		of_entry.accepted = of_entry.accepted + 1;
	end
	if differs then of_entry.differs = of_entry.differs + 1; end
	observed:with_labels(entry, reason or "accepted"):add(1);
end

--- Tell and count what a session's token would have come to.
---@param session table
---@param verdict Verdict
---@param let_in boolean?  what another login said of it, where one decided
function observe.note(session, verdict, let_in)
	local entry = verdict.entry and verdict.entry.id or verdict.guest and "guest" or "none";
	local reason = verdict.reason or refused_there(session, verdict.grant);
	local differs = let_in ~= nil and let_in ~= (verdict.reason == nil); -- no login checks rooms
	count(entry, reason, differs);
	session.log("info", "Meeting token observed: would be %s (entry: %s)%s", reason and "refused: " .. reason or "accepted",
		entry, differs and (let_in and ". The login in use accepted it" or ". The login in use refused it") or "");
end

---@class Observed
---@field entry string     an entry's id, "guest" for those without a token, "none" where a token is of no entry
---@field accepted integer
---@field refused integer
---@field reasons table<string, integer>
---@field differs integer  how often another login decided otherwise

--- All counts since the module was loaded, by entry.
---@return Observed[]
function observe.report()
	local report = {};
	for _, of_entry in pairs(counts) do
		local copy, reasons = {}, {};
		for name, value in pairs(of_entry) do copy[name] = value; end
		for reason, n in pairs(of_entry.reasons) do reasons[reason] = n; end
		copy.reasons = reasons;
		report[#report + 1] = copy;
	end
	table.sort(report, function (a, b) return a.entry < b.entry; end);
	return report;
end

return observe;
