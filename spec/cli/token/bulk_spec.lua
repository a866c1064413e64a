--- meetauth sign --bulk: many tokens, of which some cannot be made.

local command = require "spec.support.command";
local meetauth = require "meetauth";

local secret = ("s"):rep(32);
local folder, secret_file;

-- Lines, each a token's claims, or false for an empty one.
local function claims_in(text)
	local list = {};
	for line in text:gmatch("([^\n]*)\n") do
		local _, claims = meetauth.peek(line);
		list[#list + 1] = type(claims) == "table" and claims or false;
	end
	return list;
end

local function bulk(name, text, args)
	local path = command.write(folder .. "/" .. name, text);
	return command.run({ "sign", "--secret-file", secret_file, "--bulk", path, table.unpack(args or {}) });
end

local function csv(text, args)
	return bulk("rows.csv", text, { "--iss", "portal", table.unpack(args or {}) });
end

before_each(function ()
	folder = command.folder();
	secret_file = command.write(folder .. "/secret", secret);
end);
after_each(command.clean);

describe("a CSV file #command", function ()
	it("becomes a token for each row, in order", function ()
		local ran = csv("room,name,moderator,expires-in\nstandup,Ann,true,10m\nretro,Joe,,\n");
		assert.equal("", ran.err);
		assert.equal(0, ran.status);
		local list = claims_in(ran.out);
		assert.equal(2, #list);
		assert.same({ name = "Ann", moderator = true }, list[1].context.user);
		assert.equal(600, list[1].exp - list[1].iat);
		assert.equal("retro", list[2].room);
		assert.same({ name = "Joe", moderator = false }, list[2].context.user);
		assert.equal(3600, list[2].exp - list[2].iat);
	end);

	it("may be as spreadsheets write it", function ()
		local ran = csv('\xEF\xBB\xBF"room";name;moderator\r\nstandup; Ann ;TRUE\r\nretro;"Doe, Jo";False\r\n;;\r\n');
		assert.equal("meetauth: row 4: room: expected a name, or * for every room\nmeetauth: 2 signed, 1 not signed\n", ran.err);
		local list = claims_in(ran.out);
		assert.same({ name = "Ann", moderator = true }, list[1].context.user);
		assert.same({ name = "Doe, Jo", moderator = false }, list[2].context.user);
	end);

	it("has the claims of --claim in every token, and names the row where the options set them", function ()
		local ran = csv("room,email\nstandup,\nretro,a@x.example\nlast,\n", { "--claim", "context.user.email=b@x.example" });
		assert.equal("meetauth: row 3: --claim context.user.email: another option sets this claim. Use that option, or give all "
			.. "claims by --claims\nmeetauth: 2 signed, 1 not signed\n", ran.err);
		local list = claims_in(ran.out);
		assert.same({ moderator = false, email = "b@x.example" }, list[1].context.user);
		assert.same({ moderator = false, email = "b@x.example" }, list[3].context.user);
	end);

	it("may quote fields as RFC 4180 says", function ()
		local ran = csv('room,name\r\n"standup","Doe, ""Jo"" & Co"\r\n"retro","two\r\nlines"\r\nlast,""\r\n');
		assert.equal(0, ran.status);
		local list = claims_in(ran.out);
		assert.equal('Doe, "Jo" & Co', list[1].context.user.name);
		assert.equal("two\r\nlines", list[2].context.user.name);
		assert.is_nil(list[3].context.user.name);
	end);

	it("may begin with a byte order mark, end without a line break, and have empty lines", function ()
		local ran = csv("\xEF\xBB\xBFroom\n\nstandup\n\nretro");
		assert.equal(0, ran.status);
		assert.equal(2, #claims_in(ran.out));
	end);

	it("has from the options what its rows do not say", function ()
		local ran = csv("name,lobby\nAnn,\nJoe,knock\n", { "--room", "standup", "--lobby", "bypass", "--group", "staff" });
		local list = claims_in(ran.out);
		assert.same({ "standup", "standup" }, { list[1].room, list[2].room });
		assert.is_true(list[1].context.user.lobby_bypass);
		assert.is_true(list[2].context.user.lobby);
		assert.equal("staff", list[2].context.group);
	end);

	it("becomes links", function ()
		local ran = csv("room,tenant\nStand Up,acme\nretro,\n", { "--url", "https://m.example" });
		assert.truthy(ran.out:find("^https://m%.example/acme/Stand%%20Up%?jwt=%S+\nhttps://m%.example/retro%?jwt=%S+\n$"));
	end);

	it("with bad rows tells each by its number, and leaves its line empty", function ()
		local ran = csv('room,moderator,name\nstandup,maybe,Ann\nretro,true\n,true,Joe\nlast,no,"x" y\nlast,no,\xfc\ngood,yes,Kim\n');
		assert.equal(1, ran.status);
		assert.equal(table.concat({
			"meetauth: row 2: moderator: expected true or false",
			"meetauth: row 3: expected 3 fields, found 2",
			"meetauth: row 4: room: expected a name, or * for every room",
			"meetauth: row 5: text follows a quoted field",
			"meetauth: row 6: name: expected UTF-8",
			"meetauth: 1 signed, 5 not signed", "",
		}, "\n"), ran.err);
		local list = claims_in(ran.out);
		assert.same({ false, false, false, false, false }, { table.unpack(list, 1, 5) });
		assert.equal("good", list[6].room);
	end);

	it("with a quote is not closed ends there, in bounded memory", function ()
		local ran = csv('room,name\nstandup,Ann\nretro,"' .. ("x\n"):rep(2000000));
		assert.equal(1, ran.status);
		assert.truthy(ran.err:find("row 3: a quote is not closed", 1, true), ran.err);
	end);

	it("with a line beyond all measure goes on behind it", function ()
		local ran = csv("room,name\nstandup," .. ("x"):rep(1048577) .. "\nretro,Joe\n");
		assert.truthy(ran.err:find("row 2: longer than 1048576 bytes", 1, true), ran.err);
		assert.equal("retro", claims_in(ran.out)[2].room);
	end);

	it("with a line beyond all measure inside quotes signs nothing of it, and nothing behind it", function ()
		for _, rest in ipairs({ 'retro,"a\n' .. ("x"):rep(1048577) .. '\nb"\nlast,Kim\n',
			'retro,"' .. ("x"):rep(1048577) .. '\nlast,Kim\n"\n' }) do
			local ran = csv("room,name\nstandup,Ann\n" .. rest);
			assert.equal(1, ran.status);
			assert.truthy(ran.err:find("row 3: longer than 1048576 bytes, with a quote before it or in it. The "
				.. "rows after it are not read\n"
				.. "meetauth: 1 signed, 1 not signed\n", 1, true), ran.err);
			local list = claims_in(ran.out);
			assert.equal("standup", list[1].room);
			assert.is_false(list[2]);
			assert.is_nil(list[3]);
		end
	end);

	for name, case in pairs({
		["an unknown column"] = { "room,nmae\n", 'row 1: no column is called "nmae"' };
		["a column twice"] = { "room,name,room\n", 'row 1: the column "room" appears twice' };
		["nothing in it"] = { "", "row 1: expected the names of columns" };
	}) do
		it("with " .. name .. " is refused as a whole", function ()
			local ran = csv(case[1]);
			assert.equal(2, ran.status);
			assert.equal("", ran.out);
			assert.truthy(ran.err:find(case[2], 1, true), ran.err);
		end);
	end

	it("asks nothing of Daily that its tokens cannot say", function ()
		local ran = bulk("rows.csv", "room,email\nstandup,\nretro,a@x.example\nStand Up,\n", { "--dialect", "daily",
			"--domain-id", "d" });
		assert.equal(1, ran.status);
		assert.truthy(ran.err:find("row 3: context.user.email: ", 1, true));
		assert.truthy(ran.err:find("row 4: the room: a name at Daily", 1, true));
	end);
end);

describe("lines of JSON #command", function ()
	it("are claims, signed as they are", function ()
		local ran = bulk("rows.jsonl", '{"iss":"a","exp":1}\n{"iss":"b","n":9007199254740993}\n');
		assert.equal(0, ran.status);
		assert.same({ { iss = "a", exp = 1 }, { iss = "b", n = 9007199254740993 } }, claims_in(ran.out));
	end);

	it("come from standard input, too", function ()
		local ran = command.run({ "sign", "--secret-file", secret_file, "--bulk", "-", "--format", "jsonl" }, '{"iss":"a"}');
		assert.same({ { iss = "a" } }, claims_in(ran.out));
	end);

	it("that are no claims are told by their number", function ()
		local ran = bulk("rows.jsonl", '{"iss":"a"}\n[]\n{"a":1,"a":2}\nx\n7\n{"iss":"b"}\n');
		assert.equal(1, ran.status);
		assert.equal("meetauth: line 2: expected an object of claims\nmeetauth: line 3: duplicate-member\n" ..
			"meetauth: line 4: bad-json\nmeetauth: line 5: expected an object of claims\nmeetauth: 2 signed, 4 not signed\n", ran.err);
	end);

	it("need a format where their file's name tells none", function ()
		assert.truthy(bulk("rows.txt", "{}\n").err:find("--format: expected csv or jsonl", 1, true));
	end);
end);

describe("a million rows #command", function ()
	it("would take the memory of a thousand", function ()
		local function peak(rows)
			local path = command.write(folder .. "/rows.csv", "room,name\n" .. ("standup,Ann\n"):rep(rows));
			local program = ([[package.loaded["meetauth.cli.main"] = nil
				local status = require "meetauth.cli.main" { "sign", "--secret-file", %q, "--iss", "p", "--bulk", %q, "--out", %q }
				for line in io.lines("/proc/self/status") do
					if line:find("^VmHWM") then print(line:match("%%d+")) end
				end]]):format(secret_file, path, folder .. "/out");
			local line = command.line({}):gsub("'[^']*/cli/meetauth'$", command.write(folder .. "/run.lua", program));
			return tonumber(command.shell(line).out);
		end
		assert.is_true(peak(60000) < peak(1000) + 4096);
	end);
end);
