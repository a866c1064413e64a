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

complete -c meetauth -n '__fish_meetauth_using_command' -xa 'sign' -d 'Sign one token or many tokens'
complete -c meetauth -n '__fish_meetauth_using_command' -xa 'inspect' -d 'Show the content of a token'
complete -c meetauth -n '__fish_meetauth_using_command' -xa 'verify' -d 'Verify a token'
complete -c meetauth -n '__fish_meetauth_using_command' -xa 'explain' -d 'Show every check of a token, with the expected and the found value'
complete -c meetauth -n '__fish_meetauth_using_command' -xa 'convert' -d 'Convert a token between Jitsi, JaaS and Daily, and list the claims that are lost'
complete -c meetauth -n '__fish_meetauth_using_command' -xa 'keygen' -d 'Make a new key or secret'
complete -c meetauth -n '__fish_meetauth_using_command' -xa 'jwks' -d 'Write the public parts of keys as a JWK set'
complete -c meetauth -n '__fish_meetauth_using_command' -xa 'check' -d 'Check the installation and the configuration'
complete -c meetauth -s h -l help -d 'Show this help message and exit'
complete -c meetauth -l version -d 'Show the version'

complete -c meetauth -n '__fish_meetauth_seen_command sign' -s h -l help -d 'Show this help message and exit'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l room -r -d 'The room that the token opens'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l tenant -r -d 'Jitsi: the tenant of the room (sub)'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l user-id -r -d 'The user\'s id, which the server uses'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l name -r -d 'The user\'s name, which other people see'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l email -r -d 'Jitsi: the user\'s mail address'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l avatar -r -d 'Jitsi: the address of the user\'s picture'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l group -r -d 'Jitsi: the user\'s group'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l moderator -d 'Make the user an owner of the room'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l lobby -r -d 'bypass: the user does not wait in the lobby'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l feature -r -d 'Allow one of Jitsi\'s features: recording, livestreaming, transcription, screen-sharing, and so on'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l expires-in -r -d 'How long the token is valid: 90s, 15m, 1h (the default) or 7d'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l not-before -r -d 'When the token becomes valid: 2026-01-31T08:00Z'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l eject-at-expiry -d 'Daily: remove the user from the room when the token expires'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l eject-after -r -d 'Daily: how long the user can stay in the room'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l token-id -r -d 'The token\'s id (jti), which can be used to revoke the token'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l claim -r -d 'Add a claim'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l dialect -xa 'jitsi jaas daily' -d 'The dialect: jitsi, jaas or daily'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l claims -r -d 'Sign the claims in this JSON file unchanged'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l bulk -r -d 'Sign a token for each row of a CSV file, or for each line of claims in JSON'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l format -xa 'csv jsonl' -d 'The format: csv or jsonl'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l stop -d 'Stop at the first row that cannot be signed'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l out -r -d 'Write to this file when everything is signed'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l url -r -d 'Write a link to the room instead of the token alone'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l iss -r -d 'Jitsi: the issuer'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l aud -r -d 'Jitsi: the audience'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l sub -r -d 'Jitsi: the domain whose rooms the token opens, or * for all domains'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l domain-id -r -d 'Daily: the domain\'s id (d)'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l app-id -r -d 'JaaS: the application\'s id'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l kid -r -d 'The key\'s kid'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l now -r -d 'Use this time instead of the current time: 2026-01-31T08:00Z, or seconds since 1970'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l host -r -d 'The VirtualHost whose entries are used'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l config -r -d 'Prosody\'s configuration'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l prosody -r -d 'The folder of Prosody\'s sources, if prosodyctl does not name it'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l entry -r -d 'The entry whose key signs'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l secret-file -r -d 'The file with the shared secret'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l key-file -r -d 'The file with the key to sign with: PEM or JWK'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l alg -xa 'HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448' -d 'The key\'s algorithm'
complete -c meetauth -n '__fish_meetauth_seen_command sign' -l weak-secret -d 'Accept a secret that is shorter than its hash'

complete -c meetauth -n '__fish_meetauth_seen_command inspect' -s h -l help -d 'Show this help message and exit'
complete -c meetauth -n '__fish_meetauth_seen_command inspect' -l json -d 'Write JSON'

complete -c meetauth -n '__fish_meetauth_seen_command verify' -s h -l help -d 'Show this help message and exit'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l room -r -d 'Also check whether the token opens this room'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l json -d 'Write JSON'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l now -r -d 'Use this time instead of the current time: 2026-01-31T08:00Z, or seconds since 1970'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l host -r -d 'The VirtualHost whose entries are used'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l config -r -d 'Prosody\'s configuration'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l prosody -r -d 'The folder of Prosody\'s sources, if prosodyctl does not name it'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l offline -d 'Ask no key server'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l jwks-file -r -d 'A JWK set to verify with'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l secret-file -r -d 'The file with the shared secret'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l key-file -r -d 'The file with the key to verify with: PEM or JWK'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l alg -xa 'HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448' -d 'The key\'s algorithm'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l weak-secret -d 'Accept a secret that is shorter than its hash'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l iss -r -d 'Accepted issuer'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l aud -r -d 'Accepted audience'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l typ -r -d 'Accepted typ'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l require -r -d 'A claim that the token must have'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l max-age -r -d 'The longest time since the token was issued'
complete -c meetauth -n '__fish_meetauth_seen_command verify' -l leeway -r -d 'How much the clocks can differ'

complete -c meetauth -n '__fish_meetauth_seen_command explain' -s h -l help -d 'Show this help message and exit'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l room -r -d 'Also check whether the token opens this room'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l json -d 'Write JSON'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l redact -d 'For public bug reports: show shapes, lengths and a fingerprint instead of values'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l html -r -d 'Also write the report as one page to this file, without values; - is standard output'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l values -d 'With --html: show the values in it'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l now -r -d 'Use this time instead of the current time: 2026-01-31T08:00Z, or seconds since 1970'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l host -r -d 'The VirtualHost whose entries are used'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l config -r -d 'Prosody\'s configuration'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l prosody -r -d 'The folder of Prosody\'s sources, if prosodyctl does not name it'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l offline -d 'Ask no key server'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l jwks-file -r -d 'A JWK set to verify with'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l secret-file -r -d 'The file with the shared secret'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l key-file -r -d 'The file with the key to verify with: PEM or JWK'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l alg -xa 'HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448' -d 'The key\'s algorithm'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l weak-secret -d 'Accept a secret that is shorter than its hash'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l iss -r -d 'Accepted issuer'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l aud -r -d 'Accepted audience'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l typ -r -d 'Accepted typ'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l require -r -d 'A claim that the token must have'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l max-age -r -d 'The longest time since the token was issued'
complete -c meetauth -n '__fish_meetauth_seen_command explain' -l leeway -r -d 'How much the clocks can differ'

complete -c meetauth -n '__fish_meetauth_seen_command convert' -s h -l help -d 'Show this help message and exit'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l to -xa 'jitsi jaas daily' -d 'The dialect of the new token'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l from -xa 'jitsi jaas daily' -d 'The dialect of the given token'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l room -r -d 'The room of the new token'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l json -d 'Write JSON: claims, token, losses'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l sign-with -r -d 'The entry whose key signs the new token'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l sign-secret-file -r -d 'The shared secret to sign with'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l sign-key-file -r -d 'The private key to sign with'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l sign-alg -xa 'HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448' -d 'The algorithm to sign with'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l iss -r -d 'Jitsi: the issuer'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l aud -r -d 'Jitsi: the audience'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l sub -r -d 'Jitsi: the domain whose rooms the token opens, or * for all domains'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l domain-id -r -d 'Daily: the domain\'s id (d)'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l app-id -r -d 'JaaS: the application\'s id'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l kid -r -d 'The key\'s kid'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l host -r -d 'The VirtualHost whose entries are used'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l config -r -d 'Prosody\'s configuration'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l prosody -r -d 'The folder of Prosody\'s sources, if prosodyctl does not name it'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l secret-file -r -d 'The file with the shared secret'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l key-file -r -d 'The file with the key to verify the token with: PEM or JWK'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l alg -xa 'HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448' -d 'The key\'s algorithm'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l weak-secret -d 'Accept a secret that is shorter than its hash'
complete -c meetauth -n '__fish_meetauth_seen_command convert' -l jwks-file -r -d 'A JWK set to verify the token with'

complete -c meetauth -n '__fish_meetauth_seen_command keygen' -s h -l help -d 'Show this help message and exit'
complete -c meetauth -n '__fish_meetauth_seen_command keygen' -l alg -xa 'HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448' -d 'The algorithm of the new key'
complete -c meetauth -n '__fish_meetauth_seen_command keygen' -l bits -r -d 'The size of an RSA key'
complete -c meetauth -n '__fish_meetauth_seen_command keygen' -l crv -xa 'Ed25519 Ed448' -d 'The curve for EdDSA'
complete -c meetauth -n '__fish_meetauth_seen_command keygen' -l kid -r -d 'The public key\'s kid'
complete -c meetauth -n '__fish_meetauth_seen_command keygen' -l out-private -r -d 'Write the private key or the secret to this new file, which only its owner can read'
complete -c meetauth -n '__fish_meetauth_seen_command keygen' -l out-jwk -r -d 'Write the public key to this new file, as a JWK'

complete -c meetauth -n '__fish_meetauth_seen_command jwks' -s h -l help -d 'Show this help message and exit'
complete -c meetauth -n '__fish_meetauth_seen_command jwks' -l alg -xa 'HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K EdDSA Ed25519 Ed448' -d 'The algorithm of RSA keys'

complete -c meetauth -n '__fish_meetauth_seen_command check' -s h -l help -d 'Show this help message and exit'
complete -c meetauth -n '__fish_meetauth_seen_command check' -l host -r -d 'The VirtualHost whose entries are used'
complete -c meetauth -n '__fish_meetauth_seen_command check' -l config -r -d 'Prosody\'s configuration'
complete -c meetauth -n '__fish_meetauth_seen_command check' -l prosody -r -d 'The folder of Prosody\'s sources, if prosodyctl does not name it'
complete -c meetauth -n '__fish_meetauth_seen_command check' -l jicofo -r -d 'Jicofo\'s configuration'
complete -c meetauth -n '__fish_meetauth_seen_command check' -l migrate -d 'Check nothing'
complete -c meetauth -n '__fish_meetauth_seen_command check' -l json -d 'Write JSON'
