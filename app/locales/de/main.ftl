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
title-leaving = Wohin ein Link führt – Pennypost
leaving-heading = Wohin dieser Link führt
leaving-named = Der Link nennt { $named }, führt aber zu:
leaving-like = Diese Adresse ist leicht mit { $known } zu verwechseln. Sie führt zu:
leaving-hides = Der Link verbirgt, wohin er führt. Er führt zu:
leaving-advice = Gehen Sie nur weiter, wenn Sie diesen Ort kennen und erwartet haben. Im Zweifel schließen Sie diesen Tab und tippen die Adresse, die Sie kennen.
leaving-go = Trotzdem dorthin gehen
looks-as-sent = Farben wie gesendet
looks-adapted = Farben für dunklen Bildschirm
subject = Betreff
date = Datum
print-view = Ansicht zum Drucken
attachment-kind-picture = Bild
attachment-kind-pdf = PDF
attachment-kind-text = Text
attachment-kind-table = Tabelle
attachment-kind-sound = Ton
attachment-kind-film = Video
attachment-kind-message = Nachricht
attachment-kind-calendar = Kalender
attachment-kind-archive = Archiv
attachment-kind-other = Datei
attachment-preview = Vorschau
attachment-open = Öffnen
attachment-download = Herunterladen
attachments-all = Alle herunterladen ({ $about })
attached-message = Diese Nachricht hing an einer anderen.
attached-message-outer = Die andere Nachricht öffnen
preview-shortened = Nur der Anfang wird gezeigt; laden Sie die Datei herunter, um alles zu sehen.
all-headers = Alle Kopfzeilen
show-source = Quelltext zeigen
mark-unread = Als ungelesen markieren
copy-address = { $address } kopieren
copied = Kopiert.
not-copied = Der Browser hat das Kopieren nicht erlaubt.
letters-of-one-width = Gleich breite Buchstaben
quotation = { $count ->
    [one] Eine zitierte Zeile
   *[other] { $count } zitierte Zeilen
}
download-source = Quelltext herunterladen
size-bytes = { $number } B
size-kilobytes = { $number } kB
size-megabytes = { $number } MB
remote-withheld = { $count ->
    [one] Ein Bild von anderswo ist nicht geladen
   *[other] { $count } Bilder von anderswo sind nicht geladen
}
remote-trackers = { $count ->
    [one] Ein Zählpixel gesperrt
   *[other] { $count } Zählpixel gesperrt
}
remote-shown = Bilder von anderswo werden gezeigt
remote-never = Ihre Administration erlaubt keine
remote-show = Bilder zeigen
remote-always = Immer bei diesem Absender
remote-no-longer = Bei diesem Absender nicht mehr
notice-charset = Die Nachricht nennt den unbekannten oder unsicheren Zeichensatz „{ $charset }“; was Sie sehen, ist geraten.
notice-shortened = Der Text ist sehr lang; der Rest steht im Quelltext der Nachricht.
notice-newsgroup = Die Datei „{ $name }“ steht im Text in einer Kodierung von Newsgroups; nur der Quelltext hat sie.
notice-structure = Der Aufbau dieser Nachricht ist beschädigt; im Quelltext steht alles.

# Wer eine Nachricht geschrieben hat
origin-warnings = Genau hinsehen
origin-confirmed = Gesendet von { $domain }, bestätigt von Ihrem Mailserver
origin-not-stated = Von { $domain }; Ihr Mailserver sagt nichts dazu
origin-unconfirmed = Von { $domain }; Ihr Mailserver konnte es nicht bestätigen
origin-refuted = Wahrscheinlich nicht von { $domain }
origin-nobody = Wer das gesendet hat, ist unklar
origin-domain = Domain des Absenders
origin-stated-by = Angaben von
origin-stated-by-nobody = niemandem: Ihr Mailserver sagt nichts über den Absender
origin-spf = Sendender Server (SPF)
origin-dkim = Signatur (DKIM)
origin-dmarc = Angezeigter Absender (DMARC)
origin-not-checked = nicht geprüft
origin-pass = in Ordnung
origin-fail = nicht in Ordnung
origin-soft-fail = wahrscheinlich nicht in Ordnung
origin-nothing = nichts zu prüfen
origin-error = konnte nicht geprüft werden
origin-last-hop = Letzter Weg zu Ihrem Mailserver
origin-encrypted = verschlüsselt
origin-plain = nicht verschlüsselt
origin-hop-unknown = nicht bekannt
origin-written-to = An diese Adresse haben Sie schon geschrieben.
origin-earlier = Von dieser Adresse gibt es in diesem Ordner frühere Nachrichten.
origin-first = Das ist hier die erste Nachricht von dieser Adresse, und Sie haben nie an sie geschrieben.
origin-warning-refuted = Ihr Mailserver hat festgestellt, dass diese Nachricht nicht von dort kommt, wo sie herzukommen vorgibt. Öffnen Sie keine Links oder Dateien darin, und fragen Sie den Absender auf anderem Weg.
origin-warning-name-address = Der Name zeigt die Adresse { $shown }, gesendet wurde aber von einer anderen. Antworten Sie nur, wenn Sie die wirkliche Adresse kennen.
origin-warning-name-ours = Der Name sieht aus, als käme er aus dem eigenen Haus, gesendet wurde aber von außen, von { $real }. Fragen Sie auf anderem Weg nach, bevor Sie tun, was verlangt wird.
origin-warning-like = Die Domain des Absenders ist leicht mit { $known } zu verwechseln und ist eine andere. Lesen Sie sie Buchstabe für Buchstabe, bevor Sie ihr vertrauen.
origin-warning-inside = Die Domain des Absenders beginnt mit { $known }, gehört aber jemand anderem. Nur ihr Ende sagt, wer gesendet hat.
origin-warning-scripts = Die Domain des Absenders besteht aus Buchstaben, die nur so aussehen wie andere. Öffnen Sie keine Links darin, wenn Sie diese Nachricht nicht erwartet haben.
origin-warning-several = { $number } Adressen geben an, das geschrieben zu haben. Klären Sie, wer es war, bevor Sie antworten.
origin-warning-reply = Eine Antwort geht an { $address }, und das ist jemand anderes als der Absender. Prüfen Sie das, bevor Sie etwas Vertrauliches senden.

# Eine Liste verlassen
unsubscribe = Abbestellen
unsubscribe-one-click = Das Webmail Ihres Mailservers teilt { $host } mit, dass Sie keine solchen Nachrichten mehr wollen. Mehr erfährt man dort nicht über Sie.
unsubscribe-now = Jetzt abbestellen
unsubscribe-page = Auf der Seite des Absenders
unsubscribe-mail = Mit einer Nachricht
unsubscribe-done = Der Absender weiß Bescheid. Es kann einige Tage dauern.
unsubscribe-refused = Der Server des Absenders hat abgelehnt. Versuchen Sie es auf der Seite des Absenders.
unsubscribe-unreachable = Der Absender war nicht zu erreichen. Versuchen Sie es auf der Seite des Absenders.
unsubscribe-not-offered = Diese Nachricht bietet das nicht mehr an. Versuchen Sie es auf der Seite des Absenders.

# Einladungen
invitation-invites = Einladung
invitation-updates = Geänderte Einladung
invitation-cancels = Abgesagt
invitation-proposes = Ein anderer Termin wird vorgeschlagen
invitation-informs = Termin
invitation-accepted = { $who } kommt
invitation-maybe = { $who } kommt vielleicht
invitation-declined = { $who } kommt nicht
invitation-answered = { $who } hat geantwortet
invitation-somebody = Jemand
invitation-untitled = Ein Termin ohne Namen
invitation-when = Wann
invitation-where = Wo
invitation-organiser = Eingeladen von
invitation-attendees = Eingeladene
invitation-repeats = Wiederholung
invitation-wall = Die Einladung nennt keine Zeitzone.
invitation-zone-unknown = In der Zeitzone { $zone }, die hier nicht bekannt ist
invitation-every-day = { $interval ->
    [one] jeden Tag
   *[other] alle { $interval } Tage
}
invitation-every-week = { $interval ->
    [one] jede Woche
   *[other] alle { $interval } Wochen
}
invitation-every-month = { $interval ->
    [one] jeden Monat
   *[other] alle { $interval } Monate
}
invitation-every-year = { $interval ->
    [one] jedes Jahr
   *[other] alle { $interval } Jahre
}
invitation-every-other = mehr als einmal
invitation-times = { $times ->
    [one] einmal
   *[other] { $times }-mal
}
invitation-until = bis { $date }
invitation-others = Die Nachricht enthält { $number } weitere Termine; sie stehen im angehängten Kalender.

# Briefe über das Konto, die in seinen Posteingang gelegt werden
notice-subject-sign-in = Eine ungewöhnliche Anmeldung bei Ihrer Mail
notice-subject-recovery = Ein Wiederherstellungscode wurde benutzt
notice-subject-factor = Ein zweiter Faktor wurde entfernt
notice-subject-refused = Jemand wollte sich bei Ihrer Mail anmelden
notice-new-browser = Jemand hat sich mit einem Browser bei Ihrer Mail angemeldet, der dafür noch nie benutzt wurde.
notice-new-country = Jemand hat sich aus einem Land bei Ihrer Mail angemeldet, in dem Sie noch nie waren.
notice-too-far = Jemand hat sich von so weit weg bei Ihrer Mail angemeldet, dass seit dem letzten Mal niemand dorthin gereist sein kann.
notice-recovery-used = Jemand hat sich mit einem Ihrer Wiederherstellungscodes bei Ihrer Mail angemeldet. { $left ->
    [0] Es ist keiner mehr übrig.
    [one] Einer ist noch übrig.
   *[other] { $left } sind noch übrig.
 }
notice-subject-changed = Ihre Anmeldung wurde geändert
notice-factor-added = Für Ihr Konto wurde ein zweiter Faktor eingerichtet.
notice-recovery-made = Für Ihr Konto wurden neue Wiederherstellungscodes gemacht; die alten gelten nicht mehr.
notice-factor-removed = Ein zweiter Faktor wurde von Ihrem Konto entfernt.
notice-factors-reset = Ihr Administrator hat alle zweiten Faktoren von Ihrem Konto entfernt.
notice-refused = Vor der letzten Anmeldung wurde ein Passwort oder Code für Ihr Konto { $times }-mal abgelehnt.
notice-when = Wann: { $when } (UTC)
notice-address = Von: { $address }
notice-country = Land: { $country }
notice-browser = Mit: { $browser }
notice-was-it-you = Wenn Sie das waren, ist nichts zu tun.
notice-if-not = Wenn nicht, ändern Sie sofort das Passwort Ihres Mailkontos, melden Sie sich auf { $url } an und sehen Sie unter „Sicherheit“ nach, wo Sie angemeldet sind.
# Schreiben
title-write = Schreiben – Pennypost
write = Schreiben
write-heading = Neue Nachricht
write-back = Zurück zum Posteingang
write-subject = Betreff
write-saving = Wird gespeichert …
write-saved = Gespeichert um { $time }
write-not-saved = Nicht gespeichert: { $why }
write-restored = Wiederhergestellt, von { $time }
write-not-kept-here = Dieser Browser kann keine Kopie ungespeicherter Worte behalten. Sie werden nach jeder Pause in den Entwürfen gespeichert.
write-needs-script = Zum Schreiben braucht dieser Browser JavaScript, damit kein Wort verloren geht.

# Das Blatt, das um eine neue Anmeldung bittet
sheet-heading = Noch einmal anmelden
sheet-nothing-lost = Diese Seite bleibt, wie sie ist, und nichts darauf geht verloren.
sheet-code = Code aus Ihrer App oder ein Wiederherstellungscode
sheet-recovery-code = Wiederherstellungscode
sheet-confirm = Bestätigen
sheet-passkey = Passkey verwenden
sheet-enrol = Bevor es weitergeht, muss ein zweiter Faktor eingerichtet werden.
sheet-enrol-page = In einem neuen Fenster einrichten
sheet-go-on = Weiter

# Was schiefging: ein Satz und ein Rat.
failure-words = Der Mailserver sagt:
failure-signed-out = Sie sind nicht mehr angemeldet.
    .advice = Melden Sie sich wieder an, um weiterzumachen.
failure-wrong-password = Der Mailserver nimmt diese Adresse mit diesem Passwort nicht an.
    .advice = Prüfen Sie beides und versuchen Sie es noch einmal.
failure-password-changed = Das Passwort wurde auf dem Mailserver geändert, darum ist diese Sitzung zu Ende.
    .advice = Melden Sie sich mit dem neuen Passwort an.
failure-wrong-factor = Dieser Code oder Passkey gilt nicht, oder er wurde schon benutzt.
    .advice = Warten Sie auf den nächsten Code und versuchen Sie es noch einmal, oder nehmen Sie einen Wiederherstellungscode.
failure-too-many-attempts = Es waren zu viele Versuche, darum wurde niemand gefragt.
    .advice = Warten Sie ein wenig und versuchen Sie es noch einmal.
failure-proof-needed = Bevor sich das ändern lässt, muss sicher sein, dass Sie es sind.
    .advice = Bestätigen Sie es mit Ihrem zweiten Faktor, oder mit Ihrem Passwort, wenn Sie keinen haben.
failure-factors-fixed = Ihre Administration überlässt Ihnen das nicht.
    .advice = Fügen Sie zuerst einen anderen Faktor hinzu, oder fragen Sie Ihre Administration.
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
failure-no-drafts = Es gibt keinen Ordner für Entwürfe.
    .advice = Legen Sie in einem anderen Mailprogramm einen Ordner „Drafts“ an, oder fragen Sie Ihren Administrator.
failure-message-gone = Diese Nachricht gibt es nicht oder nicht mehr.
    .advice = Vielleicht wurde sie in einem anderen Programm verschoben oder gelöscht. Gehen Sie zurück zur Liste.
failure-mailbox-reset = Der Ordner wurde auf dem Mailserver neu angelegt, darum führt diese Adresse ins Leere.
    .advice = Gehen Sie zurück zur Liste und öffnen Sie die Nachricht von dort.
failure-not-allowed = Ihre Rechte an diesem geteilten Ordner erlauben das nicht.
    .advice = Bitten Sie seinen Besitzer um mehr Rechte.
failure-no-pictures = Die Bilder dieses Absenders können nicht immer gezeigt werden.
    .advice = Die Nachricht sagt nicht sicher, wer sie geschickt hat, oder Ihre Administration erlaubt keine Bilder von anderswo.
failure-no-such-page = Unter dieser Adresse gibt es nichts.
    .advice = Prüfen Sie die Adresse, oder gehen Sie zu Ihrer Post.
failure-bad-question = Diese Seite ist älter als der Server und fragte nach etwas, das er nicht versteht.
    .advice = Laden Sie die Seite neu.
failure-too-much-html = Das HTML dieser Nachricht ist zu lang oder zu tief verschachtelt, um es sicher zu zeigen.
    .advice = Laden Sie den Quelltext der Nachricht herunter, um sie zu lesen.
failure-no-preview = Diese Datei kann hier nicht gezeigt werden.
    .advice = Laden Sie sie herunter, und öffnen Sie sie nur, wenn Sie dem Absender vertrauen.
failure-wrong-address = Pennypost ist nicht dafür eingerichtet, unter dieser Adresse erreicht zu werden.
    .advice = Benutzen Sie die Adresse, die Ihre Administration Ihnen gab. Für diese: es ist http.public_url in der Konfiguration.
failure-foreign-site = Eine andere Website hat das angefordert, darum wurde nichts getan.
    .advice = Öffnen Sie Pennypost selbst und versuchen Sie es dort.
failure-offline = Pennypost ist nicht erreichbar.
    .advice = Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.
failure-internal = In Pennypost ist etwas fehlgeschlagen. Im Protokoll steht es unter { $subject }.
    .advice = Versuchen Sie es noch einmal. Hält es an, nennen Sie Ihrer Administration dieses Wort.

# Der zweite Faktor, und wie man sich anmeldet
title-factor = Zweiter Schritt – Pennypost
title-security = Sicherheit – Pennypost
security = Sicherheit
to-mail = Zur Post
to-your-mail = Zu Ihrer Post
cancel = Abbrechen
confirm = Bestätigen
go-on = Weiter
start-over = Von vorn beginnen
rename = Umbenennen
rename-named = { $name } umbenennen
remove = Entfernen
remove-named = { $name } entfernen
print = Drucken
copy = Kopieren
needs-program = Um hier etwas zu ändern, braucht es JavaScript.
times-in-utc = Alle Zeiten sind in UTC.
security-done = Erledigt.
security-factors-changed = Erledigt. Sie können unten auch alle anderen Sitzungen beenden, wenn Sie nicht bei jeder sicher sind.

factor-heading = Zweiter Schritt
factor-code = Code
factor-code-hint = Die sechs Ziffern, die Ihre App gerade zeigt.
factor-name = Name
trust-browser = Diesem Browser 30 Tage lang vertrauen
trust-hint = Der zweite Schritt entfällt dann hier, das Passwort nie. Nur für einen Browser, den niemand sonst benutzt.
recovery-use = Einen Wiederherstellungscode benutzen
recovery-code = Wiederherstellungscode
passkey-use = Einen Passkey benutzen
passkey-none = Der Browser hat keinen Passkey gegeben. Geändert wurde nichts; Sie können es noch einmal versuchen.
passkey-needs-program = Ihr Passkey braucht JavaScript, und das ist hier ausgeschaltet.
enrol-heading = Zweiten Schritt einrichten
enrol-lead = Ihre Administration verlangt von allen einen zweiten Schritt neben dem Passwort. Es dauert eine Minute: eine App, die Codes zeigt, oder ein Passkey dieses Geräts.

proof-heading = Sind Sie es?
proof-by-password = Das ändert, wie Sie sich anmelden. Bitte geben Sie das Passwort Ihres Mailkontos noch einmal ein.
proof-by-factor = Das ändert, wie Sie sich anmelden. Bitte zeigen Sie Ihren zweiten Faktor noch einmal.

factors = Zweite Faktoren
factors-none = Sie haben keinen: Das Passwort allein öffnet hier Ihre Post. Mit einem bleibt draußen, wer nur Ihr Passwort kennt.
factors-off = Ihre Administration hat zweite Faktoren hier abgeschaltet, das Passwort allein öffnet also Ihre Post.
factors-required-until = Alle brauchen hier einen zweiten Faktor. Ohne einen können Sie sich anmelden bis
factor-app = App, die Codes zeigt
factor-passkey = Passkey
set-up-at = Eingerichtet
used-at = zuletzt benutzt
used-never = noch nicht benutzt
remove-question = „{ $name }“ entfernen? Zurückholen lässt er sich nicht, nur neu einrichten.
totp-add = Eine App einrichten
totp-name = Authenticator-App
totp-scan = Richten Sie die Kamera der App auf dieses Bild.
totp-picture = QR-Code mit dem Geheimnis für Ihre App; dasselbe Geheimnis steht darunter.
totp-type = Oder tippen Sie dieses Geheimnis in die App. Es wird nur jetzt gezeigt.
totp-keep = Code bestätigen
passkey-add = Einen Passkey einrichten
passkey-name = Passkey
passkey-lead = Ein Passkey liegt in diesem Gerät, in Ihrem Passwortmanager oder auf einem Sicherheitsschlüssel, und er gilt nur auf dieser Website.
passkey-make = Passkey erzeugen

recovery-codes = Wiederherstellungscodes
recovery-without-factor = Es gibt sie mit Ihrem ersten zweiten Faktor.
recovery-left = { $count ->
    [0] Sie haben keinen Wiederherstellungscode mehr. Machen Sie neue, damit Sie ohne Ihr Gerät nicht ausgesperrt sind.
    [one] Sie haben noch einen Wiederherstellungscode. Machen Sie bald neue.
   *[other] Sie haben noch { $count } Wiederherstellungscodes. Jeder gilt einmal, wenn Ihr Gerät nicht zur Hand ist.
}
recovery-make = Neue Wiederherstellungscodes machen
recovery-codes-new = Ihre neuen Wiederherstellungscodes
recovery-keep = Sie werden nur jetzt gezeigt, und ältere gelten nicht mehr. Bewahren Sie sie dort auf, wo Ihr Gerät nicht ist: auf Papier oder in einem Passwortmanager. Jeder gilt einmal.
recovery-kept = Ich habe sie verwahrt
recovery-copied = Kopiert.
recovery-not-copied = Der Browser ließ uns nicht kopieren. Markieren Sie die Codes und kopieren Sie sie von Hand.

sessions = Wo Sie angemeldet sind
sessions-lead = Wenn Sie eine davon nicht kennen, beenden Sie sie und ändern Sie Ihr Passwort.
sessions-end-others = Alle anderen Sitzungen beenden
session-this = Diese
session-since = Angemeldet
session-seen = zuletzt gesehen
session-end = Beenden
session-end-named = Die Sitzung in { $name } beenden
origin-unknown = Unbekannter Browser

devices = Vertraute Browser
devices-none = Es gibt keine: Der zweite Schritt wird in jedem Browser verlangt.
device-this = Dieser Browser
device-since = Vertraut seit
device-until = bis
device-distrust = Nicht mehr vertrauen
device-distrust-named = { $name } nicht mehr vertrauen

side-door = Andere Mailprogramme
side-door-what = Der Mailserver nimmt dasselbe Passwort von jedem Mailprogramm an, ohne zweiten Schritt. Ein zweiter Faktor schützt hier also nur Ihre Post im Web.
side-door-app-passwords = App-Passwörter schließen diese Lücke: ein langes Passwort je Programm, das der Mailserver macht, während Ihr eigenes nur noch das Web öffnet. Fragen Sie Ihre Administration, ob es welche gibt.

events = Was an der Tür geschah
events-none = Bisher nichts.
event-signed-in = Jemand hat sich angemeldet
event-signed-in-unusually = Jemand hat sich von einem ungewohnten Ort oder mit einem neuen Browser angemeldet
event-wrong-password = Der Mailserver hat ein Passwort abgelehnt
event-wrong-factor = Ein zweiter Faktor wurde abgelehnt
event-too-many-attempts = Es waren zu viele Versuche, darum wurde niemand gefragt
event-signed-out = Jemand hat sich abgemeldet
event-session-ended = Eine Sitzung wurde von anderswo beendet
event-password-changed = Das Passwort gilt nicht mehr
event-factor-added = Ein zweiter Faktor wurde eingerichtet
event-factor-renamed = Ein zweiter Faktor wurde umbenannt
event-factor-removed = Ein zweiter Faktor wurde entfernt
event-recovery-codes-made = Wiederherstellungscodes wurden gemacht
event-recovery-code-used = Ein Wiederherstellungscode wurde benutzt
event-device-trusted = Einem Browser wird vertraut
event-device-distrusted = Einem Browser wird nicht mehr vertraut
event-factors-reset = Ihre Administration hat alle zweiten Faktoren entfernt

protection-encrypted = Diese Nachricht ist verschlüsselt ({ $standard }). Pennypost hat keine Schlüssel und kann sie nicht öffnen; ein Programm mit Ihrem Schlüssel kann es.
protection-signed = Diese Nachricht ist unterschrieben ({ $standard }). Die Unterschrift wurde nicht geprüft.
protection-enclosed = Diese Nachricht steckt in ihrer Unterschrift ({ $standard }). Pennypost öffnet sie nicht; im Quelltext steht alles.
report = Bericht
report-failed = die Nachricht wurde nicht zugestellt, und niemand versucht es noch einmal.
report-delayed = die Nachricht ist noch nicht zugestellt. Der Mailserver versucht es weiter; Sie müssen nichts tun.
report-delivered = die Nachricht wurde zugestellt.
report-relayed = die Nachricht wurde an einen Server weitergegeben, der nicht berichtet, was aus ihr wird.
report-expanded = die Nachricht wurde an die Mitglieder einer Mailingliste weitergegeben.
report-words = Der Mailserver sagte:
report-words-of = { $server } sagte:
report-code = Code { $code }
report-unknown-mailbox = Niemand hat diese Adresse. Vielleicht ist sie falsch geschrieben.
report-unknown-domain = Die Domain dieser Adresse nimmt keine Mail an. Vielleicht ist sie falsch geschrieben.
report-malformed-address = So wird keine Adresse geschrieben.
report-moved = Der Empfänger hat jetzt eine andere Adresse.
report-sender-refused = Der Mailserver des Empfängers nimmt keine Mail von Ihrer Adresse an.
report-mailbox-disabled = Das Postfach nimmt keine Mail an.
report-mailbox-full = Das Postfach des Empfängers ist voll. Versuchen Sie es später noch einmal.
report-too-large = Die Nachricht ist für den Empfänger zu groß. Kleinere Anhänge können helfen.
report-system-full = Der Mailserver des Empfängers hat keinen Platz. Versuchen Sie es später noch einmal.
report-unreachable = Der Mailserver des Empfängers war nicht zu erreichen.
report-loop = Die Nachricht lief zwischen Mailservern im Kreis.
report-expired = Der Mailserver hat es zu lange versucht.
report-protocol = Die Mailserver haben einander nicht verstanden.
report-content = Der Empfänger nimmt Inhalte dieser Art nicht an.
report-mailing-list = Die Mailingliste nimmt diese Nachricht nicht an.
report-policy = Die Regeln des Mailservers des Empfängers verbieten diese Nachricht.
report-unauthenticated = Der Mailserver des Empfängers konnte nicht bestätigen, dass die Nachricht aus Ihrer Domain kommt.
report-displayed = Ihre Nachricht wurde angezeigt. Ob sie gelesen wurde, kann niemand sagen.
report-deleted = Ihre Nachricht wurde gelöscht.
report-dispatched = Ihre Nachricht wurde weitergeschickt.
report-processed = Ihre Nachricht wurde bearbeitet, ohne angezeigt zu werden.
report-denied = der Empfänger möchte nichts bestätigen.
report-not-done = eine Bestätigung konnte nicht gemacht werden.
report-automatic = Das Mailprogramm hat das von selbst gesagt.
