-- answers: what the console's pages ask for, by name. Each takes what the page has sent, a table, and returns one, or nil and
-- what is wrong in words for the operator.

local time_now = require "util.time".now;

local array = require "meetauth".array;
local pasted = require "meetauth.page.pasted".of;
local report = require "meetauth.page.report";
local testlink = require "meetauth.page.testlink";
local trimmed = require "meetauth.util.text".trimmed;
local names_of = require "meetauth.util.list".names;
local is_feature = require "meetauth.access.ceiling".is_feature;

local checkup = module:require "checkup";
local people = module:require "people";
local refused = module:require "refused";
local sources = module:require "sources";

local answers = {};

local hosts = prosody.hosts;

local function auth() return hosts[module.host].modules.auth_meetauth; end

-- A text that the page has sent, less the white space around it; nil for none.
local function text_of(value)
	local words = type(value) == "string" and trimmed(value) or "";
	return words ~= "" and words or nil;
end

--- The choices of the forms.
function answers.host()
	return {
		host = module.host, entries = array(auth().test_links.entries()), features = array(names_of(is_feature)),
		minutes = testlink.MINUTES, minutes_max = testlink.MINUTES_MAX, rooms = array(people.rooms()),
	};
end

--- Read a token, with or without text around it.
function answers.read(asked)
	local text = text_of(asked.text);
	if not text then return nil, "expected a token, or what has one in it"; end
	local given = pasted(text);
	local judged = auth().examine(given.token, text_of(asked.room));
	judged.given = given;
	report.complete(judged);
	return report.of(judged, time_now());
end

--- The claims of a test link, before it is made.
function answers.draft(asked)
	local claims, problem = auth().test_links.draft(asked.entry, asked);
	return claims and { claims = report.values(claims, time_now()) }, problem;
end

--- Make a test link.
function answers.make(asked)
	local made, problem = auth().test_links.make(asked.entry, asked);
	if not made then return nil, problem; end
	return { link = made.link, claims = report.values(made.claims, time_now()), refused = made.refused };
end

--- The last refusals, and how many there were in the last hour.
function answers.refusals()
	return refused.latest();
end

--- Everything that is kept of one refusal.
function answers.why(asked)
	local ref = text_of(asked.ref);
	if not ref then return nil, "expected a reference, such as the six characters after the reason on the screen"; end
	return refused.why(ref);
end

--- The people in the rooms.
function answers.rooms()
	return { rooms = array(people.all()) };
end

--- Put somebody out of a room.
function answers.kick(asked)
	return people.put_out(text_of(asked.room), text_of(asked.nick));
end

--- Take tokens back.
function answers.revoke(asked)
	local one, problem = auth().revoke(asked.kind, text_of(asked.value), { entry = text_of(asked.entry) });
	if not one then return nil, problem; end
	module:log("info", "Revoked by the console: %s", one.kind);
	return { id = one.id };
end

--- Let a revoked token count again.
function answers.unrevoke(asked)
	local done, problem = auth().unrevoke(text_of(asked.id));
	if not done then return nil, problem; end
	module:log("info", "A revocation was taken back by the console");
	return {};
end

--- Keys, what fails, and revocations.
function answers.keys()
	return sources.all(auth());
end

--- Ask the sources of all keys now.
function answers.refresh()
	return { count = auth().keys_refresh() };
end

--- The result of meetauth check: start it, or tell how far it is.
function answers.check(asked)
	if asked.begin == true then checkup.begin(); end
	return checkup.result();
end

return answers;
