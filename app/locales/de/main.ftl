# Jedes Wort, das jemand liest, auf Deutsch.

product = Pennypost

# Titel
title-sign-in = Anmelden – Pennypost
title-mail = Post – Pennypost
title-not-found = Hier ist nichts – Pennypost

# Anmeldung
sign-in = Anmelden
sign-in-lead = Mit Adresse und Passwort Ihres Mailkontos.
address = E-Mail-Adresse
password = Passwort
signed-out = Sie sind abgemeldet.
sign-out = Abmelden

# Arbeitsplatz
mailboxes = Ordner
mailboxes-of-person = Geteilt von { $owner }
mailboxes-shared-as = Gemeinsam: { $name }
mailboxes-shared = Mit mir geteilt
mailbox-inbox = Posteingang
mailbox-drafts = Entwürfe
mailbox-sent = Gesendet
mailbox-archive = Archiv
mailbox-junk = Spam
mailbox-trash = Papierkorb
skip-to-list = Zu den Nachrichten springen
close = Schließen
loading = Wird geladen …
message = Nachricht
nothing-open = Wählen Sie eine Nachricht, um sie hier zu lesen.
mailbox-empty = Hier liegt nichts.
window-empty = Ältere Nachrichten gibt es nicht.
to-inbox = Zum Posteingang
turns = Neuere und ältere Nachrichten
newer = Neuere Nachrichten
older = Ältere Nachrichten
unread = Ungelesen
unread-count = { $count ->
    [one] { $count } ungelesene Nachricht
   *[other] { $count } ungelesene Nachrichten
}
starred = Markiert
answered = Beantwortet
has-attachment = Mit Anhängen
no-subject = (kein Betreff)
no-sender = (kein Absender)

# Eine Nachricht
from = Von
to = An
cc = Kopie
reply-to = Antwort an
back-to-list = Zurück zur Liste
message-text = Text der Nachricht
message-empty = Diese Nachricht hat keinen Text.
attachments = Anhänge
all-headers = Alle Kopfzeilen
download-source = Quelltext herunterladen
size-bytes = { $number } B
size-kilobytes = { $number } kB
size-megabytes = { $number } MB
notice-charset = Die Nachricht nennt den unbekannten oder unsicheren Zeichensatz „{ $charset }“; was Sie sehen, ist geraten.
notice-shortened = Der Text ist sehr lang; der Rest steht im Quelltext der Nachricht.
notice-structure = Der Aufbau dieser Nachricht ist beschädigt; im Quelltext steht alles.

# Was schiefging: ein Satz und ein Rat.
failure-words = Der Mailserver sagt:
failure-signed-out = Sie sind nicht mehr angemeldet.
    .advice = Melden Sie sich wieder an, um weiterzumachen.
failure-wrong-password = Der Mailserver nimmt diese Adresse mit diesem Passwort nicht an.
    .advice = Prüfen Sie beides und versuchen Sie es noch einmal.
failure-sign-in-refused = Der Mailserver lässt unter dieser Adresse gerade niemanden herein.
    .advice = Versuchen Sie es später, oder fragen Sie Ihre Administration.
failure-server-unreachable = Der Mailserver ist nicht erreichbar.
    .advice = Versuchen Sie es in einer Minute. Hält es an, sagen Sie Ihrer Administration: Pennypost läuft, der Mailserver antwortet nicht.
failure-timed-out = Der Mailserver hat nicht rechtzeitig geantwortet.
    .advice = Versuchen Sie es in einer Minute noch einmal.
failure-certificate-expired = Das Zertifikat des Mailservers ist abgelaufen, darum wurde ihm nichts gesendet.
    .advice = Bitten Sie Ihre Administration, es zu erneuern.
failure-certificate-not-yet-valid = Das Zertifikat des Mailservers gilt noch nicht, darum wurde ihm nichts gesendet.
    .advice = Bitten Sie Ihre Administration, die Uhren beider Server zu vergleichen.
failure-certificate-unknown-issuer = Das Zertifikat des Mailservers ist von niemandem unterschrieben, dem hier vertraut wird, darum wurde ihm nichts gesendet.
    .advice = Bitten Sie Ihre Administration, die Datei der Zertifizierungsstelle anzugeben.
failure-certificate-wrong-name = Das Zertifikat des Mailservers gilt für einen anderen Rechner, darum wurde ihm nichts gesendet.
    .advice = Bitten Sie Ihre Administration, den Namen in der Konfiguration mit dem Zertifikat zu vergleichen.
failure-certificate-other = Dem Zertifikat des Mailservers ist nicht zu trauen, darum wurde ihm nichts gesendet.
    .advice = Bitten Sie Ihre Administration, „pennypost doctor“ auszuführen.
failure-tls-refused = Der Mailserver bietet keine verschlüsselte Verbindung an, darum wurde ihm nichts gesendet.
    .advice = Bitten Sie Ihre Administration, „pennypost doctor“ auszuführen.
failure-server-refused = Der Mailserver hat das abgelehnt.
    .advice = Sagt Ihnen das nichts, nennen Sie Ihrer Administration seine Worte.
failure-server-confused = Die Verbindung zum Mailserver ist abgerissen.
    .advice = Versuchen Sie es noch einmal. Geändert wurde nichts.
failure-busy = Alle Ihre Verbindungen zum Mailserver sind beschäftigt.
    .advice = Versuchen Sie es gleich noch einmal.
failure-mailbox-gone = Den Ordner „{ $subject }“ gibt es nicht oder nicht mehr.
    .advice = Vielleicht wurde er in einem anderen Programm umbenannt oder gelöscht. Wählen Sie einen anderen.
failure-message-gone = Diese Nachricht gibt es nicht oder nicht mehr.
    .advice = Vielleicht wurde sie in einem anderen Programm verschoben oder gelöscht. Gehen Sie zurück zur Liste.
failure-mailbox-reset = Der Ordner wurde auf dem Mailserver neu angelegt, darum führt diese Adresse ins Leere.
    .advice = Gehen Sie zurück zur Liste und öffnen Sie die Nachricht von dort.
failure-not-allowed = Ihre Rechte an diesem geteilten Ordner erlauben das nicht.
    .advice = Bitten Sie seinen Besitzer um mehr Rechte.
failure-no-such-page = Unter dieser Adresse gibt es nichts.
    .advice = Prüfen Sie die Adresse, oder gehen Sie zu Ihrer Post.
failure-bad-question = Diese Seite ist älter als der Server und fragte nach etwas, das er nicht versteht.
    .advice = Laden Sie die Seite neu.
failure-too-much-html = Das HTML dieser Nachricht ist zu lang oder zu tief verschachtelt, um es sicher zu zeigen.
    .advice = Laden Sie den Quelltext der Nachricht herunter, um sie zu lesen.
failure-wrong-address = Pennypost ist nicht dafür eingerichtet, unter dieser Adresse erreicht zu werden.
    .advice = Benutzen Sie die Adresse, die Ihre Administration Ihnen gab. Für diese: es ist http.public_url in der Konfiguration.
failure-foreign-site = Eine andere Website hat das angefordert, darum wurde nichts getan.
    .advice = Öffnen Sie Pennypost selbst und versuchen Sie es dort.
failure-offline = Pennypost ist nicht erreichbar.
    .advice = Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.
failure-internal = In Pennypost ist etwas fehlgeschlagen. Im Protokoll steht es unter { $subject }.
    .advice = Versuchen Sie es noch einmal. Hält es an, nennen Sie Ihrer Administration dieses Wort.
