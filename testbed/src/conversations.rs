//! Conversations of the demo: each answer quotes and names what it answers.

use time::{Duration, OffsetDateTime};

use crate::letters::{Letter, text};

const ANNA: &str = "Anna Berger <anna@demo.test>";
const BEN: &str = "Ben Okafor <ben@demo.test>";
const CHLOE: &str = "Chloé Martin <chloe@demo.test>";
const OSCAR: &str = "Óscar Peña <oscar@fincalaluz.example>";
const LENA: &str = "Lena Vogt <lena@pixelbude.example>";

/// Subject, days since its last message, and who wrote what to whom.
type Conversation = (&'static str, i64, &'static [(&'static str, &'static str, &'static str)]);

const ALL: [Conversation; 7] = [
    (
        "Grinder for the new bar",
        0,
        &[
            (
                BEN,
                ANNA,
                "Anna,\n\nthe EK43 from the classified ad is still there. 1,450 € with new burrs, he would keep it until Saturday.\n\nShall I drive over?\n\nBen",
            ),
            (
                ANNA,
                BEN,
                "Yes please. Ask him whether the voltage regulator was ever replaced, the old ones die in the heat behind the bar.\n\nAnna",
            ),
            (
                BEN,
                ANNA,
                "He says it was, in 2023, and he has the bill.\n\nI take the van at four. Do we have straps?\n\nBen",
            ),
            (
                ANNA,
                BEN,
                "Blue box under the stairs. Drive carefully, it weighs 25 kilos and I weigh my words: I want that machine.\n\nAnna",
            ),
            (BEN, ANNA, "Got it. It fits with four millimetres to spare.\n\nBen"),
        ],
    ),
    (
        "Launch of the shop page",
        1,
        &[
            (
                LENA,
                ANNA,
                "Hi Anna,\n\nthe new shop is on the staging server. Please look at three things:\n\n1. the bag sizes (250 g first?)\n2. the photo of the drum\n3. the words on the button: \"Add\" or \"Into the bag\"\n\nLena",
            ),
            (
                ANNA,
                LENA,
                "Hi Lena,\n\n1. yes, 250 g first\n2. love it\n3. \"Into the bag\"!\n\nOne more: the price has no space before the € on my phone.\n\nAnna",
            ),
            (
                LENA,
                ANNA,
                "Fixed. The space was there, but it could break; now it cannot.\n\nWe can go live on Monday at six in the morning when nobody buys coffee. Or does everybody?\n\nLena",
            ),
            (ANNA, LENA, "At six the bakers buy. Make it nine in the evening on Sunday.\n\nAnna"),
        ],
    ),
    (
        "Contract with Finca La Luz",
        3,
        &[
            (
                OSCAR,
                ANNA,
                "Dear Anna,\n\nthe harvest was good in spite of the rain in October. I can offer 42 bags of the washed Bourbon, as last year at 6.10 per kilo.\n\nThe contract is the same, only the port has changed: Puerto Barrios instead of Santo Tomás.\n\nSaludos\nÓscar",
            ),
            (
                ANNA,
                OSCAR,
                "Dear Óscar,\n\nwonderful. We take 30 bags for sure and tell you about the other twelve by the end of the month.\n\nCould you send 300 g as a sample of the late picking?\n\nWarm regards\nAnna",
            ),
            (
                OSCAR,
                ANNA,
                "Of course. The sample leaves tomorrow by courier.\n\nMy daughter says hello and asks whether the dog on your label is real.\n\nÓscar",
            ),
            (ANNA, OSCAR, "He is real, he is called Kardamom, and he sleeps on the jute bags.\n\nAnna"),
        ],
    ),
    (
        "Vertretung im Dezember",
        5,
        &[
            (
                CHLOE,
                ANNA,
                "Liebe Anna,\n\nich würde gern vom 14. bis zum 20. Dezember nach Lyon fahren. Meine Schwester bekommt ihr Kind.\n\nBen übernimmt die Frühschichten, wenn ich dafür Silvester mache.\n\nGrüße\nChloé",
            ),
            (
                ANNA,
                CHLOE,
                "Liebe Chloé,\n\nnatürlich, fahr! Silvester machen wir zu, das war letztes Jahr schon niemandem aufgefallen.\n\nAnna",
            ),
            (CHLOE, ANNA, "Danke!! Ich bringe Pralinen mit.\n\nChloé"),
        ],
    ),
    (
        "Water test",
        12,
        &[
            (
                BEN,
                ANNA,
                "The strip says 14 °dH again. The filter has 3,100 litres on it and is rated for 2,800.\n\nNew cartridge: 119 €, two of them 210 €.\n\nBen",
            ),
            (ANNA, BEN, "Take two.\n\nAnna"),
        ],
    ),
    (
        "Kaffee für das Sommerfest der Grundschule",
        160,
        &[
            (
                "Sabine Krüger <krueger@grundschule-am-hang.example>",
                ANNA,
                "Sehr geehrte Frau Berger,\n\nfür unser Sommerfest am 20. Juni suchen wir jemanden, der Kaffee für etwa 180 Eltern kocht. Strom ist auf dem Hof vorhanden, ein Dach leider nicht.\n\nMit freundlichen Grüßen\nSabine Krüger",
            ),
            (
                ANNA,
                "Sabine Krüger <krueger@grundschule-am-hang.example>",
                "Sehr geehrte Frau Krüger,\n\ndas machen wir gern und zum Selbstkostenpreis: 1,20 € je Becher, Pfand inbegriffen. Ein Dach bringen wir mit.\n\nHerzliche Grüße\nAnna Berger",
            ),
            (
                "Sabine Krüger <krueger@grundschule-am-hang.example>",
                ANNA,
                "Liebe Frau Berger,\n\nSie retten uns das Fest. Die 3b malt Ihnen ein Schild.\n\nSabine Krüger",
            ),
        ],
    ),
    (
        "Which scale do you use?",
        340,
        &[
            (
                "Mei Tanaka 田中 <mei@tanaka.example>",
                ANNA,
                "Hello Anna,\n\nwe met at the fair, I had the yellow coat. Which scale do you use on the bar? Ours forgets its tare when the door opens.\n\nMei",
            ),
            (
                ANNA,
                "Mei Tanaka 田中 <mei@tanaka.example>",
                "Hello Mei,\n\nof course I remember the coat. The small black one with the grey foot; it only forgets when it falls.\n\nAnna",
            ),
        ],
    ),
];

/// All messages, each conversation in the order of its writing.
pub fn all(now: OffsetDateTime) -> Vec<Letter> {
    ALL.iter().flat_map(|conversation| messages(conversation, now)).collect()
}

fn messages(&(subject, days, turns): &Conversation, now: OffsetDateTime) -> Vec<Letter> {
    let mut written: Vec<Letter> = Vec::new();
    for (index, (from, to, words)) in turns.iter().enumerate() {
        let after = i64::try_from(turns.len() - index).unwrap_or_default();
        let date = now - Duration::days(days) - Duration::minutes(after * 131);
        let mut more = Vec::new();
        let mut whole = format!("{words}\n");
        if let (Some(before), Some((asker, _, said))) =
            (written.last(), index.checked_sub(1).and_then(|index| turns.get(index)))
        {
            let all: Vec<_> = written.iter().map(Letter::message_id).collect();
            more.push(format!("In-Reply-To: {}", before.message_id()));
            more.push(format!("References: {}", all.join("\r\n ")));
            let name = asker.split(" <").next().unwrap_or(asker);
            let quoted: String = said.lines().map(|line| format!("> {line}\n")).collect();
            whole.push_str(&format!("\nOn {}, {name} wrote:\n{quoted}", before.date.date()));
        }
        let subject = if index == 0 { subject.to_owned() } else { format!("Re: {subject}") };
        let (from, to) = ((*from).to_owned(), (*to).to_owned());
        written.push(Letter { from, to, subject, date, more, part: text(&whole) });
    }
    written
}
