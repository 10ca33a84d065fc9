# Every word that a person reads, in English. A text's name says where it stands.

product = Pennypost

# Titles
title-sign-in = Sign in – Pennypost
title-mail = Mail – Pennypost
title-not-found = Nothing here – Pennypost

# Sign-in
sign-in = Sign in
sign-in-lead = With the address and password of your mail account.
address = E-mail address
password = Password
signed-out = You are signed out.
sign-out = Sign out

# Workplace
mailboxes = Folders
mailboxes-of-person = Shared by { $owner }
mailboxes-shared-as = Shared: { $name }
mailboxes-shared = Shared with me
mailbox-inbox = Inbox
mailbox-drafts = Drafts
mailbox-sent = Sent
mailbox-archive = Archive
mailbox-junk = Junk
mailbox-trash = Trash
skip-to-list = Skip to messages
close = Close
loading = Loading …
message = Message
nothing-open = Choose a message to read it here.
mailbox-empty = Nothing in here.
window-empty = There are no older messages.
to-inbox = To the Inbox
turns = Newer and older messages
newer = Newer messages
older = Older messages
unread = Unread
unread-count = { $count ->
    [one] { $count } unread message
   *[other] { $count } unread messages
}
starred = Starred
answered = Answered
has-attachment = Has attachments
no-subject = (no subject)
no-sender = (no sender)

# A message
from = From
to = To
cc = Cc
reply-to = Answers to
back-to-list = Back to the list
message-text = Text of the message
message-empty = This message has no text.
attachments = Attachments
title-leaving = Where a link leads – Pennypost
leaving-heading = Where this link leads
leaving-named = The link says { $named }, but it leads to:
leaving-like = This address is easily taken for { $known }. It leads to:
leaving-hides = The link hides where it leads. It leads to:
leaving-advice = Go on only if you know this place and expected it. If in doubt, close this tab and type the address that you know.
leaving-go = Go there all the same
looks-as-sent = Colours as sent
looks-adapted = Colours for a dark screen
subject = Subject
date = Date
print-view = View for printing
attachment-kind-picture = Picture
attachment-kind-pdf = PDF
attachment-kind-text = Text
attachment-kind-table = Table
attachment-kind-sound = Sound
attachment-kind-film = Video
attachment-kind-message = Message
attachment-kind-calendar = Calendar
attachment-kind-archive = Archive
attachment-kind-other = File
attachment-preview = Preview
attachment-open = Open
attachment-download = Download
attachments-all = Download all ({ $about })
attached-message = This message came attached to another.
attached-message-outer = Open the other message
preview-shortened = Only the beginning is shown; download the file to see all of it.
all-headers = All headers
show-source = Show the source
mark-unread = Mark as unread
copy-address = Copy { $address }
copied = Copied.
not-copied = The browser did not let us copy.
letters-of-one-width = Letters of one width
quotation = { $count ->
    [one] One quoted line
   *[other] { $count } quoted lines
}
download-source = Download the source
size-bytes = { $number } B
size-kilobytes = { $number } kB
size-megabytes = { $number } MB
remote-withheld = { $count ->
    [one] One picture from elsewhere is not loaded
   *[other] { $count } pictures from elsewhere are not loaded
}
remote-trackers = { $count ->
    [one] One tracker blocked
   *[other] { $count } trackers blocked
}
remote-shown = Pictures from elsewhere are shown
remote-never = Your administrator allows none
remote-show = Show pictures
remote-always = Always from this sender
remote-no-longer = No longer from this sender
notice-charset = The message states the unknown or unsafe character set “{ $charset }”; what you see is a guess.
notice-shortened = The text is very long; the rest is in the source of the message.
notice-newsgroup = The file “{ $name }” stands in the text in an encoding of newsgroups; only the source has it.
notice-structure = The structure of this message is damaged; the source has all of it.

# Who wrote a message
origin-warnings = Look twice
origin-confirmed = Sent by { $domain }, confirmed by your mail server
origin-not-stated = From { $domain }; your mail server states nothing about it
origin-unconfirmed = From { $domain }; your mail server could not confirm it
origin-refuted = Probably not from { $domain }
origin-nobody = It is not clear who sent this
origin-domain = Domain of the sender
origin-stated-by = Stated by
origin-stated-by-nobody = nobody: your mail server states nothing about the sender
origin-spf = Sending server (SPF)
origin-dkim = Signature (DKIM)
origin-dmarc = Sender as shown (DMARC)
origin-not-checked = not checked
origin-pass = in order
origin-fail = not in order
origin-soft-fail = probably not in order
origin-nothing = nothing to check
origin-error = could not be checked
origin-last-hop = Last way to your mail server
origin-encrypted = encrypted
origin-plain = not encrypted
origin-hop-unknown = not known
origin-written-to = You have written to this address before.
origin-earlier = There are earlier messages from this address in this mailbox.
origin-first = This is the first message from this address here, and you never wrote to it.
origin-warning-refuted = Your mail server found that this message does not come from where it says. Open no link or file in it, and ask the sender in another way.
origin-warning-name-address = The name shows the address { $shown }, but the message was sent from another one. Answer only if you know the real address.
origin-warning-name-ours = The name looks as if it came from your own house, but it was sent from outside, by { $real }. Ask in another way before you do what it wants.
origin-warning-like = The sender's domain is easily taken for { $known }, and is another one. Read it letter by letter before you trust it.
origin-warning-inside = The sender's domain begins with { $known }, but belongs to somebody else. Only its end says who sent it.
origin-warning-scripts = The sender's domain is written in letters that only look like others. Open no link in it unless you expected this message.
origin-warning-several = { $number } addresses say that they wrote this. Make sure that you know who did before you answer.
origin-warning-reply = An answer goes to { $address }, which is somebody other than the sender. Check it before you send something confidential.

# Leaving a list
unsubscribe = Unsubscribe
unsubscribe-one-click = Your mail server's webmail tells { $host } that you want no more of these messages. It learns nothing else about you.
unsubscribe-now = Unsubscribe now
unsubscribe-page = On the sender's page
unsubscribe-mail = By a message
unsubscribe-done = The sender was told. It may take some days.
unsubscribe-refused = The sender's server refused. Try it on the sender's page.
unsubscribe-unreachable = The sender could not be told. Try it on the sender's page.
unsubscribe-not-offered = This message does not offer that any more. Try it on the sender's page.

# Invitations
invitation-invites = Invitation
invitation-updates = Changed invitation
invitation-cancels = Cancelled
invitation-proposes = Another time is proposed
invitation-informs = Event
invitation-accepted = { $who } comes
invitation-maybe = { $who } may come
invitation-declined = { $who } does not come
invitation-answered = { $who } answered
invitation-somebody = Somebody
invitation-untitled = An event without a name
invitation-when = When
invitation-where = Where
invitation-organiser = Invited by
invitation-attendees = People invited
invitation-repeats = Repeats
invitation-wall = The invitation names no time zone.
invitation-zone-unknown = In the time zone { $zone }, which is not known here
invitation-every-day = { $interval ->
    [one] every day
   *[other] every { $interval } days
}
invitation-every-week = { $interval ->
    [one] every week
   *[other] every { $interval } weeks
}
invitation-every-month = { $interval ->
    [one] every month
   *[other] every { $interval } months
}
invitation-every-year = { $interval ->
    [one] every year
   *[other] every { $interval } years
}
invitation-every-other = more than once
invitation-times = { $times ->
    [one] once
   *[other] { $times } times
}
invitation-until = until { $date }
invitation-others = The message has { $number } more events; they are in the attached calendar.

# Letters about the account, put into its Inbox
notice-subject-sign-in = An unusual sign-in to your mail
notice-subject-recovery = A recovery code was used
notice-subject-factor = A second factor was removed
notice-subject-refused = Somebody tried to sign in to your mail
notice-new-browser = Somebody signed in to your mail with a browser that was never used for it before.
notice-new-country = Somebody signed in to your mail from a country where you never were.
notice-too-far = Somebody signed in to your mail from so far away that nobody can have travelled there since the last time.
notice-recovery-used = Somebody signed in to your mail with one of your recovery codes. { $left ->
    [0] None is left.
    [one] One is left.
   *[other] { $left } are left.
 }
notice-subject-changed = Your sign-in was changed
notice-factor-added = A second factor was set up for your account.
notice-recovery-made = New recovery codes were made for your account; the old ones are worth nothing any more.
notice-factor-removed = A second factor was removed from your account.
notice-factors-reset = Your administrator removed all second factors from your account.
notice-refused = Before the last sign-in a password or code for your account was refused { $times } times.
notice-when = When: { $when } (UTC)
notice-address = From: { $address }
notice-country = Country: { $country }
notice-browser = With: { $browser }
notice-was-it-you = If that was you, there is nothing to do.
notice-if-not = If it was not, change the password of your mail account at once, sign in at { $url }, and look under “Security” where you are signed in.
# Writing
title-write = Write – Pennypost
write = Write
write-heading = New message
write-back = Back to the Inbox
write-subject = Subject
write-saving = Saving …
write-saved = Saved at { $time }
write-not-saved = Not saved: { $why }
write-restored = Back again, from { $time }
write-not-kept-here = This browser can't keep a copy of unsaved words. They are saved in Drafts after every pause.
write-needs-script = Writing needs JavaScript in this browser, so that no word is lost.

# The sheet that asks to sign in again
sheet-heading = Sign in again
sheet-nothing-lost = This page stays as it is, and nothing on it is lost.
sheet-code = Code from your app, or a recovery code
sheet-recovery-code = Recovery code
sheet-confirm = Confirm
sheet-passkey = Use a passkey
sheet-enrol = Before you go on, a second factor must be set up.
sheet-enrol-page = Set it up in a new window
sheet-go-on = Go on

# What went wrong: a sentence, and advice.
failure-words = The mail server says:
failure-signed-out = You are not signed in any more.
    .advice = Sign in again to go on.
failure-wrong-password = The mail server does not accept this address and password.
    .advice = Check both and try again.
failure-password-changed = The password was changed on the mail server, so this session has ended.
    .advice = Sign in with the new password.
failure-wrong-factor = This code or passkey does not count, or was used already.
    .advice = Wait for the next code and try again, or use a recovery code.
failure-too-many-attempts = There were too many attempts, so nobody was asked.
    .advice = Wait a little and try again.
failure-proof-needed = Before this can be changed, it must be certain that it is you.
    .advice = Confirm it with your second factor, or with your password if you have none.
failure-factors-fixed = Your administrator does not leave this to you.
    .advice = Add another factor first, or ask your administrator.
failure-sign-in-refused = The mail server accepts nobody under this address at the moment.
    .advice = Try again later, or ask your administrator.
failure-server-unreachable = The mail server can't be reached.
    .advice = Try again in a minute. If it lasts, tell your administrator: Pennypost works, the mail server does not answer.
failure-timed-out = The mail server did not answer in time.
    .advice = Try again in a minute.
failure-certificate-expired = The mail server's certificate has expired, so nothing was sent to it.
    .advice = Tell your administrator to renew it.
failure-certificate-not-yet-valid = The mail server's certificate is not valid yet, so nothing was sent to it.
    .advice = Tell your administrator to compare the clocks of both servers.
failure-certificate-unknown-issuer = The mail server's certificate is signed by nobody who is trusted here, so nothing was sent to it.
    .advice = Tell your administrator to set the file of the certificate authority.
failure-certificate-wrong-name = The mail server's certificate is for another host, so nothing was sent to it.
    .advice = Tell your administrator to compare the host in the configuration with the certificate.
failure-certificate-other = The mail server's certificate can't be trusted, so nothing was sent to it.
    .advice = Tell your administrator to run “pennypost doctor”.
failure-tls-refused = The mail server does not offer an encrypted connection, so nothing was sent to it.
    .advice = Tell your administrator to run “pennypost doctor”.
failure-server-refused = The mail server refused this.
    .advice = If it makes no sense to you, tell your administrator its words.
failure-server-confused = The connection to the mail server broke off.
    .advice = Try again. Nothing was changed.
failure-busy = All your connections to the mail server are busy.
    .advice = Try again in a moment.
failure-mailbox-gone = The folder “{ $subject }” does not exist, or no longer.
    .advice = It may have been renamed or deleted in another program. Choose another folder.
failure-no-drafts = There is no folder for drafts.
    .advice = Make a folder called “Drafts” in another mail program, or ask your administrator.
failure-message-gone = This message does not exist, or no longer.
    .advice = It may have been moved or deleted in another program. Go back to the list.
failure-mailbox-reset = The folder was made anew on the mail server, so this address leads nowhere.
    .advice = Go back to the list and open the message from there.
failure-not-allowed = Your rights on this shared folder do not allow that.
    .advice = Ask its owner for more rights.
failure-no-pictures = The pictures of this sender can't always be shown.
    .advice = The message does not say for certain who sent it, or your administrator allows no pictures from elsewhere.
failure-no-such-page = There is nothing at this address.
    .advice = Check the address, or go to your mail.
failure-bad-question = This page is older than the server and asked for something it does not understand.
    .advice = Reload the page.
failure-too-much-html = This message's HTML is too long or too deeply nested to be shown safely.
    .advice = Download the source of the message to read it.
failure-no-preview = This file cannot be shown here.
    .advice = Download it, and open it only if you trust whoever sent it.
failure-wrong-address = Pennypost is not meant to be reached at this address.
    .advice = Use the address that your administrator gave you. Administrators: it is http.public_url in the configuration.
failure-foreign-site = Another site asked for this, so nothing was done.
    .advice = Open Pennypost itself and try again there.
failure-offline = Pennypost can't be reached.
    .advice = Check your connection and try again.
failure-internal = Something failed inside Pennypost. The log has it under { $subject }.
    .advice = Try again. If it lasts, tell your administrator that word.

# The second factor, and how one signs in
title-factor = Second step – Pennypost
title-security = Security – Pennypost
security = Security
to-mail = To your mail
to-your-mail = Go to your mail
cancel = Cancel
confirm = Confirm
go-on = Continue
start-over = Start over
rename = Rename
rename-named = Rename { $name }
remove = Remove
remove-named = Remove { $name }
print = Print
copy = Copy
needs-program = Changing anything here needs JavaScript.
times-in-utc = All times are in UTC.
security-done = Done.
security-factors-changed = Done. You can also end all other sessions below, if you are not sure about every one of them.

factor-heading = Second step
factor-code = Code
factor-code-hint = The six digits that your app shows now.
factor-name = Name
trust-browser = Trust this browser for 30 days
trust-hint = The second step is then left out here, the password never. Only for a browser that nobody else uses.
recovery-use = Use a recovery code
recovery-code = Recovery code
passkey-use = Use a passkey
passkey-none = The browser gave no passkey. Nothing has changed; you can try again.
passkey-needs-program = Your passkey needs JavaScript, which is off here.
enrol-heading = Set up a second step
enrol-lead = Your administrator asks everybody for a second step beside the password. It takes a minute: an app that shows codes, or a passkey of this device.

proof-heading = Is it you?
proof-by-password = This changes how you sign in. Please give the password of your mail account once more.
proof-by-factor = This changes how you sign in. Please show your second factor once more.

factors = Second factors
factors-none = You have none: the password alone opens your mail here. With one, whoever learns your password still stays outside.
factors-off = Your administrator has switched off second factors here, so the password alone opens your mail.
factors-required-until = Everybody needs a second factor here. You can sign in without one until
factor-app = App that shows codes
factor-passkey = Passkey
set-up-at = Set up
used-at = last used
used-never = not used yet
remove-question = Remove “{ $name }”? It can’t be brought back, only set up anew.
totp-add = Set up an app
totp-name = Authenticator app
totp-scan = Point the app’s camera at this picture.
totp-picture = QR code with the secret for your app; the same secret is written below.
totp-type = Or type this secret into the app. It is shown only now.
totp-keep = Confirm the code
passkey-add = Set up a passkey
passkey-name = Passkey
passkey-lead = A passkey lives in this device, in your password manager or on a security key, and it works on this website alone.
passkey-make = Make the passkey

recovery-codes = Recovery codes
recovery-without-factor = They come with your first second factor.
recovery-left = { $count ->
    [0] You have no recovery code left. Make new ones, so that you are not locked out without your device.
    [one] You have one recovery code left. Make new ones soon.
   *[other] You have { $count } recovery codes left. Each works once, when your device is not at hand.
}
recovery-make = Make new recovery codes
recovery-codes-new = Your new recovery codes
recovery-keep = They are shown only now, and older ones are worth nothing any more. Keep them where your device is not: on paper, or in a password manager. Each works once.
recovery-kept = I have put them away
recovery-copied = Copied.
recovery-not-copied = The browser did not let us copy. Select the codes and copy them by hand.

sessions = Where you are signed in
sessions-lead = If you don’t know one of these, end it and change your password.
sessions-end-others = End all other sessions
session-this = This one
session-since = Signed in
session-seen = last seen
session-end = End
session-end-named = End the session in { $name }
origin-unknown = Unknown browser

devices = Trusted browsers
devices-none = There are none: the second step is asked for in every browser.
device-this = This browser
device-since = Trusted
device-until = until
device-distrust = Trust no longer
device-distrust-named = Trust { $name } no longer

side-door = Other mail programs
side-door-what = The mail server takes the same password from every mail program, without a second step. So a second factor here protects your mail on the web alone.
side-door-app-passwords = App passwords close that gap: a long password for each program, made by the mail server, while your own opens the web alone. Ask your administrator whether there are any.

events = What happened at the door
events-none = Nothing so far.
event-signed-in = Somebody signed in
event-signed-in-unusually = Somebody signed in from an unusual place or with a new browser
event-wrong-password = The mail server refused a password
event-wrong-factor = A second factor was refused
event-too-many-attempts = There were too many attempts, so nobody was asked
event-signed-out = Somebody signed out
event-session-ended = A session was ended from elsewhere
event-password-changed = The password holds no more
event-factor-added = A second factor was set up
event-factor-renamed = A second factor was renamed
event-factor-removed = A second factor was removed
event-recovery-codes-made = Recovery codes were made
event-recovery-code-used = A recovery code was used
event-device-trusted = A browser was trusted
event-device-distrusted = A browser is trusted no longer
event-factors-reset = Your administrator removed all second factors

protection-encrypted = This message is encrypted ({ $standard }). Pennypost has no keys and cannot open it; a program that has yours can.
protection-signed = This message is signed ({ $standard }). The signature was not checked.
protection-enclosed = This message is enclosed in its signature ({ $standard }). Pennypost does not open it; the source has all of it.
report = Report
report-failed = the message was not delivered, and nobody will try again.
report-delayed = the message is not delivered yet. The mail server goes on trying; there is nothing to do.
report-delivered = the message was delivered.
report-relayed = the message was handed on to a server that does not report what becomes of it.
report-expanded = the message was handed on to the members of a mailing list.
report-words = The mail server said:
report-words-of = { $server } said:
report-code = Code { $code }
report-unknown-mailbox = Nobody has this address. Perhaps it is misspelled.
report-unknown-domain = The domain of this address takes no mail. Perhaps it is misspelled.
report-malformed-address = This is not spelled like an address.
report-moved = The recipient has another address now.
report-sender-refused = The recipient’s mail server does not take mail from your address.
report-mailbox-disabled = The mailbox takes no mail.
report-mailbox-full = The recipient’s mailbox is full. Try again later.
report-too-large = The message is too large for the recipient. Smaller attachments may help.
report-system-full = The recipient’s mail server has no room. Try again later.
report-unreachable = The recipient’s mail server could not be reached.
report-loop = The message went in a circle between mail servers.
report-expired = The mail server tried for too long.
report-protocol = The mail servers did not understand each other.
report-content = The recipient does not take content of this kind.
report-mailing-list = The mailing list does not take this message.
report-policy = The rules of the recipient’s mail server forbid this message.
report-unauthenticated = The recipient’s mail server could not confirm that the message is from your domain.
report-displayed = your message was shown. Whether it was read, nobody can say.
report-deleted = your message was deleted.
report-dispatched = your message was sent on.
report-processed = your message was processed without being shown.
report-denied = the recipient does not wish to confirm anything.
report-not-done = a confirmation could not be made.
report-automatic = The mail program said so by itself.
