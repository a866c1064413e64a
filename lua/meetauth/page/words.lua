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
	about = "The link opens a room of this server, as a token of an entry does. Each one is a line in the log, and in the audit "
		.. "(meetauth_audit).";
	entry = "Entry";
	room = "Room";
	name = "Name";
	role = "Role", member = "member", owner = "owner";
	lobby = "Lobby", default = "as the entry says", bypass = "does not wait", knock = "waits";
	features = "Features (names; a hyphen before one denies it)";
	minutes = "Good for so many minutes";
	draft = "The claims as they will be";
	make = "Make the link";
	link = "The link";
	refused = "This server would refuse the link: %s";
	no_entry = "No entry has a secret to sign with: their issuers make their tokens.";
};

words.refusals = {
	unknown = "There is no refusal with that reference: it is too long ago, or was before the last start.";
	hour = "The last hour, by reason";
	hour_none = "Nobody was refused in the last hour.";
	list = "The last refusals";
	list_none = "Nobody was refused.";
	live = "Look again by itself";
	all = "all";
	reason = "Reason", entry = "Entry", host = "Host", hint = "Hint", count = "Times", last = "Last", ref = "Reference";
	find = "Find a reference";
	look = "Look";
	record = "Refusal %s";
	records = "The record of a refusal";
	why = {
		reason = "reason", meaning = "meaning", cause = "usual cause", hint = "hint", write = "what to write", check = "check",
		expected = "expected", found = "found", stage = "at", host = "host", entry = "entry", dialect = "dialect",
		algorithm = "algorithm", kid = "kid", count = "times", first = "first", last = "last",
	};
};

words.rooms = {
	nobody = "Nobody is in a room.";
	look = "Look again";
	nick = "Who", role = "Role", affiliation = "Affiliation", by = "Came by", ends = "Until";
	rights = "What it gives, and what says so";
	right = "%s: %s (%s)";
	guest = "a guest, without a token";
	exempt = "needs no token";
	no_end = "no end";
	acts = "Act";
	kick = "Put out";
	kick_of = "Put out %s";
	kick_ask = "Put %s out of %s?";
	revoke = "Revoke";
	revoke_of = "Revoke the token of %s";
	revoke_jti = "Take back the token of %s? It counts no more, here and at every login.";
	revoke_user = "Take back all tokens of the user %s? They count no more, here and at every login.";
	gone = "They are not there any more.";
};

words.keys = {
	keys = "Keys";
	refresh = "Ask all sources now";
	refreshed = "Sources asked: %d.";
	entry = "Entry", kid = "Key", alg = "Algorithm", source = "Source", state = "State", age = "Confirmed", ago = "%s ago",
	next_look = "Next look", uses = "Logins", last_used = "Last used", why = "Failure", at = "At";
	failing = "Sources that do not answer";
	revoked = "Revocations";
	revoked_none = "Nothing is revoked.";
	kind = "Kind", value = "Value", since = "Since", ends = "Ends", act = "Act";
	kinds = { jti = "token id (jti)", sub = "tenant or domain (sub)", user = "user id", entry = "a whole entry" };
	for_good = "stays";
	of_entry = "Only tokens of the entry (may stay empty)";
	add = "Revoke";
	add_ask = "Take back every token with %s %s?";
	remove = "Take back";
	remove_of = "Take back the revocation of %s";
	remove_ask = "Let tokens with %s %s count again?";
	check = "What meetauth check says";
	check_begin = "Run meetauth check";
	checking = "It is being looked at.";
	check_failed = "The command did not answer. Run meetauth check on the server.";
	verdict = "Verdict", found = "Found", todo = "What to do";
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
