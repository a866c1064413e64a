--- Keys that stand in files: read at load, and again when a file has changed.
-- Reads no file itself: read_file is handed in, so that a server and a command load the same entries.

local keyparse = require "meetauth.key.parse";
local schema = require "meetauth.util.schema";
local keyring = require "meetauth.key.ring";

local keyfiles = {};

local kinds = { secret_file = "a shared secret", public_key_file = "a public key", jwks_file = "a JWK set" };

--- Whether a source is a file.
---@param source Source
---@return boolean
function keyfiles.is_file(source)
	return kinds[source.kind] ~= nil;
end

-- The entry beside this one that has a secret of the document, too.
local function sharer(entries, entry, document)
	local secrets = {};
	for _, found in ipairs(document.found) do
		if found.secret then secrets[found.secret] = true; end
	end
	local function has(list)
		for _, found in ipairs(list) do
			if secrets[found.secret or 0] then return true; end
		end
		return false;
	end
	for _, other in ipairs(entries) do
		if other ~= entry then
			if has(other.inline) then return other; end
			for _, source in ipairs(other.sources) do
				if source.document and has(source.document.found) then return other; end
			end
		end
	end
	return nil;
end

-- The document in a file, or what was found and what was expected.
local function read(entries, entry, source, read_file)
	local text, why = read_file(source.at);
	if not text then return nil, ("%q (%s)"):format(source.at, why), "a file that can be read"; end
	local wanted = ("%s for %s"):format(kinds[source.kind], table.concat(entry.algorithms, ", "));
	local document, reason = keyparse.readers[source.kind](entry, text);
	if document and not document.found[1] then
		document, reason = nil, document.skipped[1] and document.skipped[1].reason or "no key";
	end
	if not document then return nil, ("%q with %d bytes (%s)"):format(source.at, #text, reason), wanted; end
	local other = sharer(entries, entry, document);
	if other then
		return nil, ("the secret of the entry %q in %q, too"):format(other.id, source.at), "a secret of its own for each entry";
	end
	return document;
end

--- Load the files of all entries, once, as config.read made them; afterwards entry.keys holds the keys that
-- stand in the configuration and in files, whatever the entry's window (store.lua minds that), and
-- source.document what each file gave. Keys at addresses are not fetched: those sources stay without a document.
--
--     local host, problems = config.read(get);
--     local loaded, warnings = keyfiles.load(host.entries, function (path)
--         local file <close>, why = io.open(path, "rb"); ...
--         return text;  -- or nil, why
--     end);
--
---@param entries table[]  Site.entries
---@param read_file fun(path: string): string?, string?  the bytes, or nil and why not
---@return string[]? warnings  for the operator, such as a newline that was cut off a secret
---@return string[]? problems  where warnings is nil: each: option, what was found, what was expected
function keyfiles.load(entries, read_file)
	local found, warnings = schema.problems(), {};
	for _, entry in ipairs(entries) do
		for _, source in ipairs(entry.sources) do
			if keyfiles.is_file(source) then
				local document, what, expected = read(entries, entry, source, read_file);
				if not document then
					found:add(source.label, what, expected);
				else
					source.document = document;
					for _, line in ipairs(keyfiles.warnings(source, document)) do table.insert(warnings, line); end
					for _, key in ipairs(document.found) do table.insert(entry.keys, key.key); end
				end
			end
		end
	end
	keyring.check_tries(found, entries);
	if found.list[1] then return nil, found.list; end
	return warnings;
end

--- What an operator should know of a document that can be used.
---@param source Source
---@param document Document
---@return string[]
function keyfiles.warnings(source, document)
	local list = {};
	if document.newline then
		list[1] = ("%s: %q ends in a newline, which was cut off; try: printf %%s"):format(source.label, source.at);
	end
	for _, one in ipairs(document.skipped) do
		list[#list + 1] = ("%s: a key is left out (%s)"):format(source.label, one.reason);
	end
	return list;
end

--- Read one file again. What is broken changes nothing.
---@param entries table[]
---@param entry table
---@param source Source
---@param read_file fun(path: string): string?, string?
---@return Document? document  the source has it from now on
---@return string? problem     one line
function keyfiles.again(entries, entry, source, read_file)
	local document, what, expected = read(entries, entry, source, read_file);
	if not document then
		return nil, ("%s: found %s, expected %s; the keys before stay"):format(source.label, what, expected);
	end
	source.document = document;
	return document;
end

return keyfiles;
