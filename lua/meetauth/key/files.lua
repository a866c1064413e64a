--- Keys in files, read when the module loads and again when a file changes. It reads no file: read_file is an argument,
-- so that a server and a command load the entries in one way.

local keyheld = require "meetauth.key.held";
local keyparse = require "meetauth.key.parse";
local schema = require "meetauth.util.schema";
local shown = require "meetauth.util.shown";
local keyring = require "meetauth.key.ring";

local keyfiles = {};

local kinds = { secret_file = "a shared secret", public_key_file = "a public key", jwks_file = "a JWK set" };

--- Whether a source is a file.
---@param source Source
---@return boolean
function keyfiles.is_file(source)
	return kinds[source.kind] ~= nil;
end

-- The document in a file, or what was found and what was expected.
local function read(entry, source, read_file, claims)
	local text, why = read_file(source.at);
	if not text then return nil, ("%s (%s)"):format(shown.text(source.at), why), "a file that can be read"; end
	local wanted = ("%s for %s"):format(kinds[source.kind], table.concat(entry.algorithms, ", "));
	local document, told = keyparse.read(source, entry, text);
	if document and not document.found[1] then
		local first = document.skipped[1];
		document, told = nil, first and keyparse.left_out(first) or "no key";
	end
	if not document then return nil, ("%q with %d bytes (%s)"):format(source.at, #text, told), wanted; end
	local other = keyheld.claim(claims, entry, document.found);
	if other then
		return nil, ("the secret of the entry %q also in %q"):format(other.id, source.at), "a different secret for each entry";
	end
	return document;
end

--- Load the files of all entries, once, as config/host.lua made them. Keys at addresses are not fetched: those sources
-- have no document.
--
--     local site, problems = hostconfig.read(get);
--     local documents, warnings = keyfiles.load(site.entries, function (path)
--         local file <close>, why = io.open(path, "rb"); ...
--         return text;  -- or nil, why
--     end);
--     local keys = keyheld.of(site.entries, documents); -- whatever the entries' windows: store.lua minds those
--
---@param entries table[]  Site.entries
---@param read_file fun(path: string): string?, string?  the bytes, or nil and why not
---@return Documents? documents
---@return string[] told  warnings for the operator, such as a newline that was cut off a secret. If documents is nil,
--   problems: each: option, what was found, what was expected
---@return Documents? some   and what could be read
function keyfiles.load(entries, read_file)
	local found, documents, warnings, claims = schema.problems(), {}, {}, keyheld.claims(entries);
	for _, entry in ipairs(entries) do
		for _, source in ipairs(entry.sources) do
			if keyfiles.is_file(source) then
				local document, what, expected = read(entry, source, read_file, claims);
				if not document then
					found:add(source.label, what, expected);
				else
					documents[source] = document;
					for _, line in ipairs(keyfiles.warnings(source, document)) do table.insert(warnings, line); end
				end
			end
		end
	end
	if next(documents) then keyring.check_tries(found, entries, keyheld.of(entries, documents)); end -- else: checked
	if found.list[1] then return nil, found.list, documents; end
	return documents, warnings;
end

--- Warnings for the operator about a document that can be used.
---@param source Source
---@param document Document
---@return string[]
function keyfiles.warnings(source, document)
	local list = {};
	if document.newline then
		list[1] = ("%s: %q ends with a newline, which is not a part of the secret. To write the file without it, use printf %%s")
			:format(source.label, source.at);
	end
	for _, one in ipairs(document.skipped) do
		list[#list + 1] = ("%s: %s"):format(source.label, keyparse.left_out(one));
	end
	return list;
end

--- Read one file again. A broken file changes nothing.
---@param entries table[]
---@param documents Documents
---@param entry table
---@param source Source
---@param env { read_file: fun(path: string): string?, string?; refuse: (fun(entry: table, found: Found[]): string?)? }
--   refuse: why keys cannot be valid, for reasons that are not known here
---@return Document? document  documents has it from now on
---@return string? problem     one line
function keyfiles.again(entries, documents, entry, source, env)
	local others = setmetatable({ [source] = false }, { __index = documents });
	local document, what, expected = read(entry, source, env.read_file, keyheld.claims(entries, others));
	if not document then
		return nil, ("%s: found %s, expected %s. The previous keys stay in use"):format(source.label, what, expected);
	end
	local refused = env.refuse and env.refuse(entry, document.found);
	if refused then return nil, refused .. ". The previous keys stay in use"; end
	documents[source] = document;
	return document;
end

return keyfiles;
