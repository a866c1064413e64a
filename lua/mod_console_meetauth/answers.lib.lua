-- answers: what the console's pages ask for, by name. Each takes what the page has sent, a table, and returns one, or nil and
-- what is wrong in words for the operator.

local time_now = require "util.time".now;

local pasted = require "meetauth.page.pasted".of;
local report = require "meetauth.page.report".of;
local trimmed = require "meetauth.util.text".trimmed;

local answers = {};

local hosts = prosody.hosts;

local function auth() return hosts[module.host].modules.auth_meetauth; end

-- A text that the page has sent, less the white space around it; nil for none.
local function text_of(value)
	local words = type(value) == "string" and trimmed(value) or "";
	return words ~= "" and words or nil;
end

--- Read a token, in whatever it is wrapped.
function answers.read(asked)
	local text = text_of(asked.text);
	if not text then return nil, "expected a token, or what has one in it"; end
	local given = pasted(text);
	local judged = auth().examine(given.token, text_of(asked.room));
	judged.given = given;
	return report(judged, time_now());
end

return answers;
