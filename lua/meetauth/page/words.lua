--- All that the console and explain --html say, in English: another language is another file with the same names.
-- Reasons, hints and what the rows of an explanation say are the library's own words, and stand where they are made.

local words = { language = "en", title = "meetauth console" };

words.door = {
	knocking = "Opening.";
	closed = "This address does not open the console: each works once, and for ten minutes. For a new one, run";
	no_script = "The console needs JavaScript.";
};

words.verdicts = { ok = "ok", fail = "FAIL", skipped = "skipped" };

words.rights = {
	enters = "May enter %s as %s%s.";
	opens = "Opens %s as %s%s.";
	any_room = "every room that its issuer has";
	rooms = "the rooms %s";
	rooms_like = "the rooms whose name is like %s";
	from = " from %s";
	till = " until %s (%s)";
	ever = ", for ever";
	passes_lobby = "Waits in no lobby.";
	waits = "Waits where there is a lobby.";
	knocks = "Waits in the lobby where there is one.";
	wants_lobby = "Waits in the lobby, and stays outside where there is none.";
	makes_lobby = "Waits in the lobby, and switches it on.";
	password = "Needs no password of the room.";
	may = "May %s.";
	may_nothing = "May use none of the features that a token can name.";
	by_role = "May do what its role may: the token names no features.";
	feature = "use %s";
	sends = "May send: %s.";
	sends_nothing = "May send nothing.";
	once = "Counts for one login.";
	put_out = "Its bearer is put out of the room when it expires.";
	features = {
		["recording"] = "record", ["livestreaming"] = "stream", ["transcription"] = "transcribe",
		["screen-sharing"] = "share the screen", ["outbound-call"] = "call out", ["inbound-call"] = "be called",
		["create-polls"] = "make polls", ["send-groupchat"] = "write in the chat",
		["send-private-message"] = "write to one person", ["file-upload"] = "send files",
		["list-visitors"] = "see the visitors", ["name-readonly"] = "not change the own name",
	};
};

--- Of a report on a token.
words.report = {
	title = "What this token is worth";
	accepted = "The server accepts it";
	refused = "The server refuses it";
	["cannot tell"] = "It cannot be told here";
	as_given = "That counts for the token alone. As it was given, the server refuses it: %s";
	rights = "What it gives";
	no_rights = "Nobody vouches for these claims, or they give nothing.";
	checks = "Checks";
	check = "Check", verdict = "Verdict", reason = "Reason", found = "Found", expected = "Expected", hint = "Hint",
	header = "Header", claims = "Claims";
	name = "Name", value = "Value";
	unread = "They cannot be read.";
	made = "Made by meetauth explain --html at %s.";
	redacted = "Values are described, not shown. Token %s, %d bytes.";
};

return words;
