--- explain's report as a page in a file, for a ticket or a mail: redacted unless somebody asks for the values.

local document = require "meetauth.page.document";
local files = require "meetauth.cli.io.files";
local redact = require "meetauth.cli.token.redact";
local report = require "meetauth.page.report";
local times = require "meetauth.util.times";

local reportfile = {};

--- Write it.
---@param path string     readable by its owner only; "-" is standard output
---@param judged Judged   complete
---@param now number
---@param with_values boolean?
function reportfile.write(path, judged, now, with_values)
	local token, made = judged.given.token, times.localtime(now) or tostring(now);
	local page;
	if with_values then
		page = document.of(report.of(judged, now), made);
	else
		local rows = redact.rows(judged.rows, now);
		page = document.of(report.redacted(judged, rows, now), made, { fingerprint = redact.fingerprint(token), size = #token });
	end
	local place = files.path(path);
	local output <close> = place and files.create(place) or files.stdout();
	output:write(page);
	output:keep();
end

return reportfile;
