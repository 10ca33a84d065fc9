use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use app::failure::Failure;
use database::{Count, Database, PersonId, ServerKey};

use super::{ACCOUNT_FREE, HOUR, LONGEST_REFUSAL, LONGEST_WAIT, Limit, decayed, growing, whole_seconds};

const NOW: i64 = 1_800_000_000;

struct House {
    database: Database,
    key: Arc<ServerKey>,
    limit: Limit,
}

async fn house() -> House {
    let database = Database::in_memory().await.unwrap();
    let key = Arc::new(ServerKey::generate().unwrap());
    House { limit: Limit::new(&database, key.clone()), database, key }
}

fn address(text: &str) -> Option<IpAddr> {
    Some(text.parse().unwrap())
}

/// An address that nobody used before.
fn stranger(number: u32) -> Option<IpAddr> {
    Some(IpAddr::V4(std::net::Ipv4Addr::from_bits(0xcb00_0000 + number)))
}

impl House {
    fn person(&self, login: &str) -> PersonId {
        PersonId::of(login, &self.key).unwrap()
    }

    /// Fails until it is refused; gives how often it failed.
    async fn fail(&self, login: &str, from: Option<IpAddr>, device: Option<&[u8]>, most: usize) -> usize {
        for failed in 0..most {
            match self.limit.before(&self.person(login), from, device, NOW).await {
                Ok(pass) => pass.failed(),
                Err(_) => return failed,
            }
        }
        most
    }

    async fn is_refused(&self, login: &str, from: Option<IpAddr>, device: Option<&[u8]>, now: i64) -> bool {
        match self.limit.before(&self.person(login), from, device, now).await {
            Ok(pass) => {
                pass.unanswered(now).await.unwrap();
                false
            }
            Err(Failure::TooManyAttempts { seconds }) => seconds > 0,
            Err(other) => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_network_that_guesses_is_refused_and_others_are_not() {
    let house = house().await;
    // Of many accounts, so that none of them is under attack.
    let mut failed = 0;
    while house.fail(&format!("{failed}@example.org"), address("192.0.2.7"), None, 1).await == 1 {
        failed += 1;
    }
    assert_eq!(failed, 10);
    assert!(house.is_refused("ada@example.org", address("::ffff:192.0.2.7"), None, NOW).await);
    assert!(!house.is_refused("ada@example.org", address("192.0.2.8"), None, NOW).await);
    assert!(!house.is_refused("ada@example.org", address("192.0.2.7"), None, NOW + 1).await);
}

#[tokio::test]
async fn whoever_has_a_whole_network_of_ipv6_is_one() {
    let house = house().await;
    for host in 0..10 {
        let from = address(&format!("2001:db8:1:2:{host}::1"));
        assert_eq!(house.fail(&format!("{host}@example.org"), from, None, 1).await, 1);
    }
    assert!(house.is_refused("ada@example.org", address("2001:db8:1:2:ffff::1"), None, NOW).await);
    assert!(!house.is_refused("ada@example.org", address("2001:db8:1:3::1"), None, NOW).await);
}

#[tokio::test]
async fn hopping_from_network_to_network_of_one_site_comes_to_an_end() {
    let house = house().await;
    let from = |hop: u32| address(&format!("2001:db8:1:{hop:x}::1"));
    let mut failed = 0;
    while house.fail(&format!("{failed}@example.org"), from(failed), None, 1).await == 1 {
        failed += 1;
    }
    assert_eq!(failed, 100);
    assert!(!house.is_refused("ada@example.org", address("2001:db8:2::1"), None, NOW).await);
}

#[tokio::test]
async fn a_restart_forgets_nothing() {
    let house = house().await;
    assert_eq!(house.fail("ada@example.org", address("192.0.2.7"), None, 20).await, 10);
    let again = Limit::new(&house.database, house.key.clone());
    assert!(again.before(&house.person("ben@example.org"), address("192.0.2.7"), None, NOW).await.is_err());
}

#[tokio::test]
async fn an_account_under_attack_is_answered_later_and_never_refused() {
    let house = house().await;
    for number in 0..10 {
        assert_eq!(house.fail("ada@example.org", stranger(number), None, 1).await, 1);
    }
    assert!(!house.is_refused("ada@example.org", stranger(99), None, NOW).await);
    assert!(!house.is_refused("Ada@Example.ORG ", stranger(99), None, NOW).await);
}

#[tokio::test]
async fn of_those_who_wait_for_an_account_there_are_only_so_many() {
    let house = house().await;
    for number in 0..u32::try_from(ACCOUNT_FREE).unwrap() {
        house.fail("ada@example.org", stranger(number), None, 1).await;
    }
    let ada = house.person("ada@example.org");
    let waiting: Vec<_> = (100..116)
        .map(|number| {
            let limit = house.limit.clone();
            tokio::spawn(async move { limit.before(&ada, stranger(number), None, NOW).await.map(drop) })
        })
        .collect();
    // All but the first few wait for eight seconds.
    while house.limit.under_way.all_inside() < 16 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let mut refused = false;
    for number in 200..204 {
        let asked = house.limit.before(&ada, stranger(number), None, NOW);
        match tokio::time::timeout(Duration::from_millis(200), asked).await {
            Ok(Err(Failure::TooManyAttempts { .. })) => refused = true,
            Ok(other) => drop(other),
            Err(_) => {}
        }
    }
    assert!(refused);
    assert!(!house.is_refused("ada@example.org", stranger(300), Some(b"her laptop"), NOW).await);
    for one in waiting {
        one.abort();
    }
}

#[tokio::test]
async fn one_site_cannot_take_every_place_where_one_waits_for_an_account() {
    let house = house().await;
    for number in 0..12 {
        house.fail("ada@example.org", stranger(number), None, 1).await;
    }
    let ada = house.person("ada@example.org");
    let guesses = (0..20).map(|hop| {
        let (limit, from) = (house.limit.clone(), address(&format!("2001:db8:1:{hop}::1")));
        tokio::spawn(async move { limit.before(&ada, from, None, NOW).await.map(drop) })
    });
    let guesses: Vec<_> = guesses.collect();
    let mut refused = 0;
    while refused < 16 {
        refused = guesses.iter().filter(|guess| guess.is_finished()).count();
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(house.limit.waiting.all_inside(), 4);
    let hers = house.limit.before(&ada, stranger(99), None, NOW);
    let answered = tokio::time::timeout(Duration::from_millis(200), hers).await;
    assert!(answered.is_err(), "she waits for her turn");
    for guess in guesses {
        guess.abort();
    }
}

#[tokio::test]
async fn a_browser_that_is_known_is_not_slowed_by_strangers_and_pays_for_its_own_failures() {
    let house = house().await;
    let from = address("192.0.2.7");
    assert_eq!(house.fail("ada@example.org", from, None, 20).await, 10);
    let laptop = Some(&b"her laptop"[..]);
    assert!(!house.is_refused("ada@example.org", from, laptop, NOW).await);
    assert_eq!(house.fail("ada@example.org", from, laptop, 20).await, 5);
    // It is known for her alone.
    assert!(!house.is_refused("ben@example.org", from, laptop, NOW).await);
    assert!(!house.is_refused("ada@example.org", from, Some(b"her phone"), NOW).await);
    assert!(!house.is_refused("ada@example.org", from, laptop, NOW + 1).await);
}

#[tokio::test]
async fn success_forgives_what_was_failed_for_this_account_from_there_and_nothing_else() {
    let house = house().await;
    let from = address("192.0.2.7");
    let right = async |login: &str, device: Option<&[u8]>| {
        let pass = house.limit.before(&house.person(login), from, device, NOW).await.unwrap();
        pass.succeeded(NOW).await.unwrap();
    };
    assert_eq!(house.fail("ada@example.org", from, None, 4).await, 4);
    assert_eq!(house.fail("ben@example.org", from, None, 4).await, 4);
    right("ada@example.org", None).await;
    // Four of the ten are left for Ben, and his guesser can't be forgiven by an account of their own.
    for _ in 0..3 {
        right("ada@example.org", None).await;
    }
    assert_eq!(house.fail("eve@example.org", from, None, 20).await, 6);
    let laptop = Some(&b"laptop"[..]);
    assert_eq!(house.fail("ada@example.org", from, laptop, 4).await, 4);
    right("ada@example.org", laptop).await;
    assert_eq!(house.fail("ada@example.org", from, laptop, 20).await, 5);
}

#[tokio::test]
async fn what_the_mail_server_did_not_answer_is_not_counted() {
    let house = house().await;
    for _ in 0..30 {
        assert!(!house.is_refused("ada@example.org", address("192.0.2.7"), None, NOW).await);
        assert!(!house.is_refused("ada@example.org", None, Some(b"laptop"), NOW).await);
    }
}

#[tokio::test]
async fn an_office_signs_in_at_once_from_one_address() {
    let house = house().await;
    let mut passes = Vec::new();
    for number in 0..200 {
        let person = house.person(&format!("{number}@example.org"));
        passes.push(house.limit.before(&person, address("192.0.2.7"), None, NOW).await.unwrap());
    }
    for pass in passes {
        pass.succeeded(NOW).await.unwrap();
    }
    assert!(!house.is_refused("ada@example.org", address("192.0.2.7"), None, NOW).await);
}

#[tokio::test]
async fn many_guesses_at_once_are_many_and_whoever_hangs_up_has_guessed() {
    let house = house().await;
    let mut passes = Vec::new();
    for number in 0..200 {
        let person = house.person(&format!("{number}@example.org"));
        passes.push(house.limit.before(&person, address("192.0.2.7"), None, NOW).await.unwrap());
    }
    drop(passes);
    let refused = house.limit.before(&house.person("ada@example.org"), address("192.0.2.7"), None, NOW).await;
    let Err(Failure::TooManyAttempts { seconds }) = refused.map(drop) else { panic!() };
    assert_eq!(i64::from(seconds), LONGEST_REFUSAL);
}

#[tokio::test]
async fn ten_wrong_codes_an_hour_whatever_else_succeeds() {
    let house = house().await;
    let ada = house.person("ada@example.org");
    for _ in 0..10 {
        house.limit.factor_before(&ada, &[], NOW).await.unwrap().wrong();
        let pass = house.limit.before(&ada, address("192.0.2.7"), None, NOW).await.unwrap();
        pass.succeeded(NOW).await.unwrap();
    }
    let refused = house.limit.factor_before(&ada, &[], NOW + 60).await.map(drop);
    assert_eq!(refused, Err(Failure::TooManyAttempts { seconds: 3_540 }));
    house.limit.factor_before(&house.person("ben@example.org"), &[], NOW).await.unwrap().wrong();
    house.limit.factor_before(&ada, &[], NOW + HOUR).await.unwrap().wrong();
}

#[tokio::test]
async fn right_codes_are_not_counted_and_make_up_for_no_wrong_one() {
    let house = house().await;
    let ada = house.person("ada@example.org");
    for _ in 0..9 {
        house.limit.factor_before(&ada, &[], NOW).await.unwrap().wrong();
        house.limit.factor_before(&ada, &[], NOW).await.unwrap().right().await.unwrap();
    }
    house.limit.factor_before(&ada, &[], NOW).await.unwrap().wrong();
    assert!(house.limit.factor_before(&ada, &[], NOW).await.is_err());
}

#[test]
fn refusals_and_waits_grow_up_to_a_limit() {
    let costs: Vec<i64> = [0, 9, 10, 11, 12, 13, 14, 90, i64::MAX - 10]
        .map(|failures| growing(failures, 10, LONGEST_WAIT))
        .to_vec();
    assert_eq!(costs, [0, 0, 1, 2, 4, 8, 8, 8, 8]);
    assert_eq!(growing(200, 10, LONGEST_REFUSAL), LONGEST_REFUSAL);
}

#[test]
fn failures_count_half_after_every_hour_however_often_one_looks() {
    let count = Count { failures: 40, last_at: NOW, until_at: 0 };
    let after = |seconds| decayed(count, NOW + seconds).failures;
    assert_eq!([0, HOUR - 1, HOUR, 2 * HOUR, 6 * HOUR, 1_000 * HOUR].map(after), [40, 40, 20, 10, 0, 0]);
    let halfway = decayed(count, NOW + HOUR + HOUR / 2);
    assert_eq!(decayed(halfway, NOW + 2 * HOUR).failures, 10);
    assert_eq!(after(-HOUR), 40);
}

#[test]
fn the_clock_tells_nothing_of_what_took_how_long() {
    for (passed, answered) in [(0, 1), (1, 1), (999, 1), (1_000, 2), (1_200, 2)] {
        assert_eq!(whole_seconds(Duration::from_millis(passed)), Duration::from_secs(answered));
    }
}
