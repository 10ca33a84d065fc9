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
all-headers = All headers
download-source = Download the source
size-bytes = { $number } B
size-kilobytes = { $number } kB
size-megabytes = { $number } MB
notice-charset = The message states the unknown or unsafe character set “{ $charset }”; what you see is a guess.
notice-shortened = The text is very long; the rest is in the source of the message.
notice-structure = The structure of this message is damaged; the source has all of it.

# What went wrong: a sentence, and advice.
failure-words = The mail server says:
failure-signed-out = You are not signed in any more.
    .advice = Sign in again to go on.
failure-wrong-password = The mail server does not accept this address and password.
    .advice = Check both and try again.
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
failure-message-gone = This message does not exist, or no longer.
    .advice = It may have been moved or deleted in another program. Go back to the list.
failure-mailbox-reset = The folder was made anew on the mail server, so this address leads nowhere.
    .advice = Go back to the list and open the message from there.
failure-not-allowed = Your rights on this shared folder do not allow that.
    .advice = Ask its owner for more rights.
failure-no-such-page = There is nothing at this address.
    .advice = Check the address, or go to your mail.
failure-bad-question = This page is older than the server and asked for something it does not understand.
    .advice = Reload the page.
failure-too-much-html = This message's HTML is too long or too deeply nested to be shown safely.
    .advice = Download the source of the message to read it.
failure-wrong-address = Pennypost is not meant to be reached at this address.
    .advice = Use the address that your administrator gave you. Administrators: it is http.public_url in the configuration.
failure-foreign-site = Another site asked for this, so nothing was done.
    .advice = Open Pennypost itself and try again there.
failure-offline = Pennypost can't be reached.
    .advice = Check your connection and try again.
failure-internal = Something failed inside Pennypost. The log has it under { $subject }.
    .advice = Try again. If it lasts, tell your administrator that word.
