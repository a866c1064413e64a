--- All texts of the console and of explain --html, in English. Another language is another file with these names.
-- Reasons, hints and the texts of an explanation are the library's own words. They are in the files that make them.

local words = { language = "en", title = "meetauth console" };

words.door = {
	knocking = "Opening.";
	closed = "This address does not open the console. An address works once, within ten minutes. For a new one, run";
	no_script = "The console needs JavaScript.";
};

words.verdicts = { ok = "ok", fail = "FAIL", skipped = "skipped" };

words.rights = {
	enters = "May enter %s as %s%s.";
	opens = "Opens %s as %s%s.";
	any_room = "every room of its issuer";
	rooms = "the rooms %s";
	rooms_like = "the rooms whose name is like %s";
	from = " from %s";
	till = " until %s (%s)";
	ever = ", without an end";
	passes_lobby = "Does not wait in a lobby.";
	waits = "Waits if the room has a lobby.";
	knocks = "Waits in the lobby if the room has one.";
	wants_lobby = "Waits in the lobby. Cannot enter a room without a lobby.";
	makes_lobby = "Waits in the lobby, and switches it on.";
	password = "Does not need the password of the room.";
	may = "May %s.";
	may_nothing = "May use none of the features that a token can name.";
	by_role = "The role decides the features: the token names none.";
	feature = "use %s";
	sends = "May send: %s.";
	sends_nothing = "May send nothing.";
	once = "Is valid for one login.";
	put_out = "Its bearer is removed from the room when it expires.";
	features = {
		["recording"] = "record", ["livestreaming"] = "stream", ["transcription"] = "transcribe",
		["screen-sharing"] = "share the screen", ["outbound-call"] = "call out", ["inbound-call"] = "be called",
		["create-polls"] = "make polls", ["send-groupchat"] = "write in the chat",
		["send-private-message"] = "write to one person", ["file-upload"] = "send files",
		["list-visitors"] = "see the visitors", ["name-readonly"] = "not change the own name",
	};
};

--- Around every page.
words.console = {
	title = "Console of %s";
	skip = "To the page";
	pages = "Pages";
	leave = "End the session";
	ended = "The session has ended. For a new address, run: prosodyctl shell meetauth console %s";
	too_often = "That was too often. Wait a moment.";
	unreachable = "The server does not answer.";
	done = "Done.";
	yes = "Yes";
	no = "No";
	none = "none";
	copy = "Copy";
	copied = "Copied.";
	scrolls = "%s, a table that scrolls sideways";
};

words.pages = {
	read = "Read a token", make = "Make a test link", refusals = "Refusals", rooms = "Rooms", keys = "Keys and health",
};

words.read = {
	text = "A link, a token, a header, or JSON with a token in it";
	text_about = "It is read by this server, kept nowhere, and in no log.";
	room = "For the room (may stay empty)";
	read = "Read it";
};

words.make = {
	about = "The link opens a room of this server, like a token of the entry. Every link is recorded in the log and in the audit "
		.. "(meetauth_audit).";
	entry = "Entry";
	room = "Room";
	name = "Name";
	role = "Role", member = "member", owner = "owner";
	lobby = "Lobby", default = "as the entry decides", bypass = "does not wait", knock = "waits";
	features = "Features (names; a hyphen before one denies it)";
	minutes = "Valid for this number of minutes";
	draft = "The claims of the link";
	make = "Make the link";
	link = "The link";
	refused = "This server would refuse the link: %s";
	no_entry = "No entry has a secret to sign with. The issuers make the tokens.";
};

words.refusals = {
	hour = "The last hour, by reason";
	hour_none = "Nobody was refused in the last hour.";
	list = "The last refusals";
	list_none = "Nobody was refused.";
	live = "Update automatically";
	all = "all";
	reason = "Reason", entry = "Entry", host = "Host", hint = "Hint", count = "Times", last = "Last", ref = "Reference";
	find = "Find a reference";
	look = "Look";
	record = "Refusal %s";
	records = "The record of a refusal";
	why = {
		reason = "reason", meaning = "meaning", cause = "usual cause", hint = "hint", write = "write", check = "check",
		expected = "expected", found = "found", stage = "at", host = "host", entry = "entry", dialect = "dialect",
		algorithm = "algorithm", kid = "kid", count = "times", first = "first", last = "last",
	};
};

words.rooms = {
	nobody = "Nobody is in a room.";
	look = "Update";
	nick = "Who", role = "Role", affiliation = "Affiliation", by = "Entry", ends = "Until";
	rights = "Rights, and their source";
	right = "%s: %s (%s)";
	guest = "a guest, without a token";
	exempt = "needs no token";
	no_end = "no end";
	acts = "Act";
	kick = "Remove";
	kick_of = "Remove %s";
	kick_ask = "Remove %s from %s?";
	revoke = "Revoke";
	revoke_of = "Revoke the token of %s";
	revoke_jti = "Revoke the token of %s? The person loses this room and cannot log in with it again.";
	revoke_user = "Revoke all tokens of the user %s? The person loses this room and cannot log in with them again.";
	gone = "This person has left.";
};

words.keys = {
	keys = "Keys";
	refresh = "Ask all sources now";
	refreshed = "Sources asked: %d.";
	entry = "Entry", kid = "Key", alg = "Algorithm", source = "Source", state = "State", age = "Confirmed", ago = "%s ago",
	next_look = "Next update", uses = "Logins", last_used = "Last used", why = "Failure", at = "At";
	failing = "Sources that do not answer";
	revoked = "Revocations";
	revoked_none = "Nothing is revoked.";
	kind = "Kind", value = "Value", since = "Since", ends = "Ends", act = "Act";
	kinds = { jti = "token id (jti)", sub = "tenant or domain (sub)", user = "user id", entry = "a whole entry" };
	for_good = "never";
	of_entry = "Only tokens of the entry (may stay empty)";
	add = "Revoke";
	add_ask = "Revoke every token with %s %s?";
	remove = "Remove";
	remove_of = "Remove the revocation of %s";
	remove_ask = "Make tokens with %s %s valid again?";
	check = "Result of meetauth check";
	check_begin = "Run meetauth check";
	checking = "The check is running.";
	check_failed = "The command did not answer. Run meetauth check on the server.";
	verdict = "Verdict", found = "Found", todo = "Next step";
};

--- Of a report on a token.
words.report = {
	title = "Report on a token";
	accepted = "The server accepts it";
	refused = "The server refuses it";
	["cannot tell"] = "This server cannot decide";
	as_given = "This is the result for the token alone. The server refuses the text as you gave it: %s";
	rights = "Rights";
	no_rights = "The claims are not verified, or they give no rights.";
	checks = "Checks";
	check = "Check", verdict = "Verdict", reason = "Reason", found = "Found", expected = "Expected", hint = "Hint",
	header = "Header", claims = "Claims";
	name = "Name", value = "Value";
	unread = "They are not readable.";
	made = "Made by meetauth explain --html at %s.";
	redacted = "Values are described, not shown. Token %s, %d bytes.";
};

return words;
