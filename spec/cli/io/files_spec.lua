-- Files and standard input, and output that is there as a whole or not at all.

local command = require "spec.support.command";
local ended = require "spec.support.ended";
local files = require "meetauth.cli.io.files";
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

local function csv(text, args)
	local path = command.write(folder .. "/rows.csv", text);
	return command.run({ "sign", "--secret-file", secret_file, "--iss", "portal", "--bulk", path, table.unpack(args or {}) });
end

local function entries_of(where)
	local pipe <close> = assert(io.popen("ls -A " .. where));
	return pipe:read("a");
end

before_each(function ()
	folder = command.folder();
	secret_file = command.write(folder .. "/secret", secret);
end);
after_each(command.clean);

describe("the file that is written #command", function ()
	local out;
	before_each(function () out = folder .. "/out"; end);

	it("is there when all is done, for its owner only", function ()
		assert.equal(0, csv("room\nstandup\n", { "--out", out }).status);
		assert.equal(1, #claims_in(command.read(out)));
		assert.equal("-rw-------", command.shell("ls -l " .. out).out:sub(1, 10));
		assert.equal("out\nrows.csv\nsecret\n", entries_of(folder));
	end);

	it("has the good rows where some are bad", function ()
		assert.equal(1, csv("room,moderator\nstandup,what\nretro,no\n", { "--out", out }).status);
		assert.equal("retro", claims_in(command.read(out))[2].room);
	end);

	it("is not there where --stop met a bad row, and an older one stays as it was", function ()
		local rows = "room,moderator\n" .. ("standup,yes\n"):rep(10000) .. "retro,what\n";
		local ran = csv(rows, { "--stop", "--out", out });
		assert.equal(1, ran.status);
		assert.truthy(ran.err:find("row 10002: moderator: expected true or false\nmeetauth: stopped; nothing was written", 1, true));
		assert.equal("rows.csv\nsecret\n", entries_of(folder));
		command.write(out, "older");
		assert.equal(1, csv(rows, { "--stop", "--out", out }).status);
		assert.equal("older", command.read(out));
		assert.equal("out\nrows.csv\nsecret\n", entries_of(folder));
	end);

	it("is not there after an interrupt", function ()
		local line = command.line({ "sign", "--secret-file", secret_file, "--iss", "p", "--bulk", "-", "--format", "csv",
			"--out", out });
		local script = command.write(folder .. "/script", ([[
			mkfifo %s/rows
			%s <%s/rows & pid=$!
			exec 3>%s/rows
			until ls -A %s | grep -q '^\.meetauth'; do sleep 0.05; done
			# mktemp has made it; while another program than the guard runs for it, an interrupt is not the command's
			children() { grep -ls "^PPid:.$pid\$" /proc/[0-9]*/status | cut -d/ -f3; }
			waits() { grep -q '^State:.S' /proc/$pid/status && grep -qs kept "/proc/$(children)/cmdline"; }
			until waits && waits; do sleep 0.05; done
			kill -INT $pid
			exec 3>&-
			wait $pid
		]]):format(folder, line, folder, folder, folder));
		local ran = command.shell("timeout 300 sh " .. script);
		assert.equal(130, ran.status, ran.err);
		assert.equal("", ran.out .. ran.err);
		assert.equal("rows\nscript\nsecret\n", entries_of(folder));
	end);

	for _, signal in ipairs({ "TERM", "HUP", "KILL" }) do
		it("leaves nothing behind where the command is ended by SIG" .. signal, function ()
			local line = command.line({ "sign", "--secret-file", secret_file, "--iss", "p", "--bulk", "-", "--format", "csv",
				"--out", out });
			local script = command.write(folder .. "/script", ([[
				mkfifo FOLDER/rows
				LINE <FOLDER/rows & pid=$!
				exec 3>FOLDER/rows
				{ echo room; yes standup | head -n 20000; } >&3
				until find FOLDER -name '.meetauth*' -size +0c | grep -q .; do sleep 0.05; done # tokens are in it
				kill -SIGNAL $pid
				wait $pid
				exec 3>&-
				while ls -A FOLDER | grep -q '^\.meetauth'; do sleep 0.05; done
			]]):gsub("%u%u%u%u+", { FOLDER = folder, LINE = line, SIGNAL = signal }));
			local ran = command.shell("timeout 60 sh " .. script);
			assert.equal(0, ran.status, ran.err);
			assert.equal("rows\nscript\nsecret\n", entries_of(folder));
		end);
	end

	it("is standard output where it is called -", function ()
		local ran = csv("room\nstandup\n", { "--out", "-" });
		assert.equal(0, ran.status);
		assert.equal("standup", claims_in(ran.out)[1].room);
		ran = command.run({ "sign", "--secret-file", secret_file, "--iss", "p", "--room", "retro", "--out", "-" });
		assert.equal("retro", claims_in(ran.out)[1].room);
		assert.is_false(files.exists("-"));
	end);

	it("tells what keeps it from being written", function ()
		for path, why in pairs({ ["/no/such/folder/out"] = "No such file or directory", [folder] = "it is not a regular file",
			["/dev/full"] = "it is not a regular file" }) do
			local ran = csv("room\nstandup\n", { "--out", path });
			assert.equal(2, ran.status);
			assert.truthy(ran.err:find("cannot write " .. path, 1, true), ran.err);
			assert.truthy(ran.err:find(why, 1, true), ran.err);
		end
		assert.equal("rows.csv\nsecret\n", entries_of(folder));
	end);
end);

describe("what is read #command", function ()
	for _, case in ipairs({
		{ args = { "verify", "--secret-file", "-", "-" }, input = ("s"):rep(32),
			says = "standard input cannot be both the secret and the token" };
		{ args = { "inspect", "/no/such/file" }, says = "cannot read /no/such/file: No such file or directory" };
		{ args = { "inspect", "/" }, says = "cannot read /: Is a directory" };
		{ args = { "inspect" }, says = "no token in standard input" };
	}) do
		it("ends the command with status 2 where it is not there: " .. table.concat(case.args, " "), function ()
			command.is_refused(case);
		end);
	end

	it("is what is pasted in a token's place, without the newline at its end", function ()
		local path = command.write(folder .. "/token", " \tabc.def.ghi\n\r\n");
		assert.equal(" \tabc.def.ghi\n", files.pasted(path));
		assert.same({ 2, "no token in " .. path }, { ended(files.pasted, command.write(path, " \n")) });
	end);

	it("is no more than a mebibyte of a key, and of a token so much that it is refused as too large", function ()
		local path = command.write(folder .. "/large", ("x"):rep(1048577));
		assert.same({ 2, path .. " is larger than 1048576 bytes" }, { ended(files.read, path, "the key") });
		assert.equal(1048577, #files.pasted(path));
		assert.equal(1048576, #files.read(command.write(path, ("x"):rep(1048576)), "the key"));
	end);

	it("is every byte, or nothing where there is no such file", function ()
		local path = command.write(folder .. "/bytes", "\0\r\n\xff");
		assert.equal("\0\r\n\xff", files.text(path));
		assert.is_true(files.exists(path));
		assert.is_nil(files.text(path .. ".none"));
		assert.is_false(files.exists(path .. ".none"));
	end);
end);

describe("a word for the shell #command", function ()
	for _, word in ipairs({ "", "a b", "it's", "'", "$(touch pwned)", "`x`", "a\nb", "-n", "*", "\\", "ü" }) do
		it(("is %q again behind it"):format(word), function ()
			assert.equal(word, command.shell("printf %s " .. files.quoted(word)).out);
		end);
	end
end);

describe("a file that is created #command", function ()
	it("takes no other's place where it shall be new", function ()
		local path = folder .. "/new";
		local before = entries_of(folder);
		do
			local output <close> = files.create(path, true);
			output:write("mine");
			command.write(path, "theirs");
			assert.same({ 2, path .. " already exists" }, { ended(output.keep, output) });
		end
		assert.equal("theirs", command.read(path));
		os.remove(path);
		assert.equal(before, entries_of(folder));
		do
			local output <close> = files.create(path, true);
			output:write("mine");
			output:keep();
		end
		assert.equal("mine", command.read(path));
		os.remove(path);
		assert.equal(before, entries_of(folder));
	end);

	it("is there once it is kept, and not before", function ()
		local path = folder .. "/new";
		do
			local output <close> = files.create(path);
			output:write("one ", "two");
			assert.is_nil(command.read(path));
			output:keep();
			assert.equal("one two", command.read(path));
		end
		assert.equal("one two", command.read(path));
	end);

	it("is none where it is closed without that, and leaves nothing behind", function ()
		local before = entries_of(folder);
		do
			local output <close> = files.create(folder .. "/new");
			output:write("one");
		end
		assert.equal(before, entries_of(folder));
	end);
end);
