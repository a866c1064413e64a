function __fish_meetauth_print_command
    set -l cmdline (commandline -poc)
    set -l cmd
    set -e cmdline[1]
    for arg in $cmdline
        switch $arg
            case sign
                set cmd $cmd sign
                break
            case inspect
                set cmd $cmd inspect
                break
            case verify
                set cmd $cmd verify
                break
            case explain
                set cmd $cmd explain
                break
            case convert
                set cmd $cmd convert
                break
            case keygen
                set cmd $cmd keygen
                break
            case jwks
                set cmd $cmd jwks
                break
            case check
                set cmd $cmd check
                break
        end
    end
    echo "$cmd"
end

function __fish_meetauth_using_command
    test (__fish_meetauth_print_command) = "$argv"
    and return 0
    or return 1
end

function __fish_meetauth_seen_command
    string match -q "$argv*" (__fish_meetauth_print_command)
    and return 0
    or return 1
end

complete -c meetauth -n '__fish_meetauth_using_command' -xa 'sign' -d 'Sign a token, or many of them'
complete -c meetauth -n '__fish_meetauth_using_command' -xa 'inspect' -d 'Show what a token says; verifies nothing'
complete -c meetauth -n '__fish_meetauth_using_command' -xa 'verify' -d 'Verify a token: prints its claims (status 0) or why it is refused (status 1)'
complete -c meetauth -n '__fish_meetauth_using_command' -xa 'explain' -d 'Show every check of a token with what was expected and found'
complete -c meetauth -n '__fish_meetauth_using_command' -xa 'convert' -d 'Convert a token between Jitsi, JaaS and Daily; lists what is lost'
complete -c meetauth -n '__fish_meetauth_using_command' -xa 'keygen' -d 'Make a new key or secret'
complete -c meetauth -n '__fish_meetauth_using_command' -xa 'jwks' -d 'Write the public parts of keys as a JWK set'
complete -c meetauth -n '__fish_meetauth_using_command' -xa 'check' -d 'Check the installation and the configuration: status 0 only if all is well'
complete -c meetauth -s h -l help -d 'Show this help message and exit'
complete -c meetauth -l version -d 'Show the version'

complete -c meetauth -n '__fish_meetauth_seen_command sign' -s h -l help -d 'Show this help message and exit'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l room -r -d 'The room that it opens; *: every room that the issuer has'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l tenant -r -d 'Jitsi: the tenant that the room belongs to (sub)'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l user-id -r -d 'Who the bearer is, for the server'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l name -r -d 'What the others see'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l email -r -d 'Jitsi: the bearer\'s mail address'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l avatar -r -d 'Jitsi: the address of a picture'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l group -r -d 'Jitsi: the bearer\'s group'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l moderator -d 'The bearer owns the room; without it, the token says that they do not'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l lobby -r -d 'bypass: does not wait in the lobby; knock: does'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l feature -r -d 'Allow a feature, in Jitsi\'s words (recording, livestreaming, transcription, screen-sharing, ...); deny it by a hyphen: --feature=-recording'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l expires-in -r -d 'When it expires, from now: 90s, 15m, 1h (the default), 7d; -5m for a test: it has expired'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l not-before -r -d 'From when on it is good: 2026-01-31T08:00Z'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l eject-at-expiry -d 'Daily: the bearer is put out of the room when it expires'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l eject-after -r -d 'Daily: the bearer\'s time in the room'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l token-id -r -d 'The token\'s own id (jti), to revoke it by'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l claim -r -d 'One more claim, as JSON, or as a string where it is no JSON; dots reach inside: context.user.team=7'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l dialect -xa 'jitsi jaas daily' -d 'jitsi, jaas or daily; an entry has its own'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l claims -r -d 'Sign the claims in this file (JSON) as they are; - is standard input'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l bulk -r -d 'Sign a token for each row of a CSV file (a header row names options, less their hyphens) or for each line of JSON (claims); - is standard input'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l format -xa 'csv jsonl' -d 'csv or jsonl, where the name of the file does not tell'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l stop -d 'With --bulk: stop at the first row that cannot be signed'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l out -r -d 'Write to this file, once all is done, readable by its owner only'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l url -r -d 'Write a link to the room instead of the bare token'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l iss -r -d 'Jitsi: the issuer'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l aud -r -d 'Jitsi: the audience'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l sub -r -d 'Jitsi: the domain whose plain rooms it opens, or * for all; --tenant comes before it'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l domain-id -r -d 'Daily: the domain\'s id (d)'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l app-id -r -d 'JaaS: the application\'s id'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l kid -r -d 'The key\'s kid; JaaS wants one'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l now -r -d 'Do as if it were this time: 2026-01-31T08:00Z, or seconds since 1970'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l host -r -d 'The VirtualHost whose entries count; needed where there are several'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l config -r -d 'Prosody\'s configuration'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l prosody -r -d 'Where Prosody\'s sources are, if not where prosodyctl says (also: MEETAUTH_PROSODY)'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l entry -r -d 'With --host: whose key signs; needed where there are several'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l secret-file -r -d 'The shared secret; - is standard input'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l key-file -r -d 'The key to sign with: PEM or JWK'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l alg -xa 'HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448' -d 'Its algorithm; HS256 for secrets'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l weak-secret -d 'Take a secret that is shorter than its hash'

complete -c meetauth -n '__fish_meetauth_seen_command inspect' -s h -l help -d 'Show this help message and exit'
complete -c meetauth -n '__fish_meetauth_seen_command inspect' -l json -d 'Write JSON'

complete -c meetauth -n '__fish_meetauth_seen_command verify' -s h -l help -d 'Show this help message and exit'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l room -r -d 'Also: may it enter this room?'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l json -d 'Write JSON'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l now -r -d 'Do as if it were this time: 2026-01-31T08:00Z, or seconds since 1970'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l host -r -d 'The VirtualHost whose entries count; needed where there are several'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l config -r -d 'Prosody\'s configuration'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l prosody -r -d 'Where Prosody\'s sources are, if not where prosodyctl says (also: MEETAUTH_PROSODY)'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l offline -d 'With --host: ask no address; a token that needs one cannot be judged (status 3)'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l jwks-file -r -d 'A set of keys (JWK set) to verify with; with --host, in the place of every address'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l secret-file -r -d 'The shared secret; - is standard input'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l key-file -r -d 'The key to verify with: PEM or JWK'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l alg -xa 'HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448' -d 'Its algorithm; HS256 for secrets'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l weak-secret -d 'Take a secret that is shorter than its hash'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l iss -r -d 'Accepted issuer'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l aud -r -d 'Accepted audience'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l typ -r -d 'Accepted typ'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l require -r -d 'A claim that must be there'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l max-age -r -d 'The longest time since it was issued'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l leeway -r -d 'How far clocks may differ; 0s, or the entry\'s'

complete -c meetauth -n '__fish_meetauth_seen_command explain' -s h -l help -d 'Show this help message and exit'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l room -r -d 'Also: may it enter this room?'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l json -d 'Write JSON'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l redact -d 'For public bug reports: shapes, lengths and a fingerprint in place of all values'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l html -r -d 'Write a page of it to this file as well, without values; - is standard output'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l values -d 'With --html: show the values in it'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l now -r -d 'Do as if it were this time: 2026-01-31T08:00Z, or seconds since 1970'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l host -r -d 'The VirtualHost whose entries count; needed where there are several'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l config -r -d 'Prosody\'s configuration'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l prosody -r -d 'Where Prosody\'s sources are, if not where prosodyctl says (also: MEETAUTH_PROSODY)'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l offline -d 'With --host: ask no address; a token that needs one cannot be judged (status 3)'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l jwks-file -r -d 'A set of keys (JWK set) to verify with; with --host, in the place of every address'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l secret-file -r -d 'The shared secret; - is standard input'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l key-file -r -d 'The key to verify with: PEM or JWK'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l alg -xa 'HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448' -d 'Its algorithm; HS256 for secrets'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l weak-secret -d 'Take a secret that is shorter than its hash'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l iss -r -d 'Accepted issuer'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l aud -r -d 'Accepted audience'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l typ -r -d 'Accepted typ'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l require -r -d 'A claim that must be there'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l max-age -r -d 'The longest time since it was issued'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l leeway -r -d 'How far clocks may differ; 0s, or the entry\'s'

complete -c meetauth -n '__fish_meetauth_seen_command convert' -s h -l help -d 'Show this help message and exit'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l to -xa 'jitsi jaas daily' -d 'The dialect to make'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l from -xa 'jitsi jaas daily' -d 'The token\'s own dialect; an entry knows it'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l room -r -d 'The room of the new token; the token\'s own'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l json -d 'Write JSON: claims, token, losses'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l sign-with -r -d 'With --host: the entry whose key signs'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l sign-secret-file -r -d 'The shared secret to sign with'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l sign-key-file -r -d 'The private key to sign with'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l sign-alg -xa 'HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448' -d 'Its algorithm'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l iss -r -d 'Jitsi: the issuer'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l aud -r -d 'Jitsi: the audience'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l sub -r -d 'Jitsi: the domain whose plain rooms it opens, or * for all; --tenant comes before it'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l domain-id -r -d 'Daily: the domain\'s id (d)'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l app-id -r -d 'JaaS: the application\'s id'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l kid -r -d 'The key\'s kid; JaaS wants one'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l host -r -d 'The VirtualHost whose entries count; needed where there are several'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l config -r -d 'Prosody\'s configuration'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l prosody -r -d 'Where Prosody\'s sources are, if not where prosodyctl says (also: MEETAUTH_PROSODY)'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l secret-file -r -d 'The shared secret; - is standard input'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l key-file -r -d 'The key to verify the token with: PEM or JWK'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l alg -xa 'HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448' -d 'Its algorithm; HS256 for secrets'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l weak-secret -d 'Take a secret that is shorter than its hash'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l jwks-file -r -d 'A set of keys to verify the token with'

complete -c meetauth -n '__fish_meetauth_seen_command keygen' -s h -l help -d 'Show this help message and exit'
complete -c meetauth -n '__fish_meetauth_seen_command keygen' -l alg -xa 'HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448' -d 'The algorithm it is for'
complete -c meetauth -n '__fish_meetauth_seen_command keygen' -l bits -r -d 'Of an RSA key; 2048'
complete -c meetauth -n '__fish_meetauth_seen_command keygen' -l crv -xa 'Ed25519 Ed448' -d 'For EdDSA; Ed25519'
complete -c meetauth -n '__fish_meetauth_seen_command keygen' -l kid -r -d 'The public key\'s kid; its thumbprint (RFC 7638)'
complete -c meetauth -n '__fish_meetauth_seen_command keygen' -l out-private -r -d 'Write the private key or the secret to this new file, which only its owner may read; without it, to standard output'
complete -c meetauth -n '__fish_meetauth_seen_command keygen' -l out-jwk -r -d 'Write the public key to this new file, as a JWK; without it, where the private key has a file, to standard output'

complete -c meetauth -n '__fish_meetauth_seen_command jwks' -s h -l help -d 'Show this help message and exit'
complete -c meetauth -n '__fish_meetauth_seen_command jwks' -l alg -xa 'HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448' -d 'The algorithm of RSA keys; all others name theirs'

complete -c meetauth -n '__fish_meetauth_seen_command check' -s h -l help -d 'Show this help message and exit'
complete -c meetauth -n '__fish_meetauth_seen_command check' -l host -r -d 'The VirtualHost whose entries count; needed where there are several'
complete -c meetauth -n '__fish_meetauth_seen_command check' -l config -r -d 'Prosody\'s configuration'
complete -c meetauth -n '__fish_meetauth_seen_command check' -l prosody -r -d 'Where Prosody\'s sources are, if not where prosodyctl says (also: MEETAUTH_PROSODY)'
complete -c meetauth -n '__fish_meetauth_seen_command check' -l jicofo -r -d 'Jicofo\'s configuration'
complete -c meetauth -n '__fish_meetauth_seen_command check' -l migrate -d 'Check nothing; print Jitsi\'s own options as an issuer entry'
complete -c meetauth -n '__fish_meetauth_seen_command check' -l json -d 'Write JSON'
