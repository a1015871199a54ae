"""Problems meet people."""

from services.matching.engine.index import LexicalEngine
from services.matching.matches.match import match_id
from services.matching.matches.matcher import Limits, Matcher
from services.matching.profiles.saved_search import SavedSearch
from shared.events.match import ReasonKind
from tests.services.matching.samples import EXPERTS, HOSPITAL, MARKET, problem, profile


def matcher(least: float = 0.06, most: int = 50) -> Matcher:
    built = Matcher(LexicalEngine(), Limits(least, most, most))
    for person in EXPERTS:
        built.put(profile(person))
    return built


def test_a_problem_meets_those_it_fits_best_first() -> None:
    found = matcher().for_problem(problem(MARKET))
    assert found[0].researcher_id == "cho"
    assert [m.score for m in found] == sorted((m.score for m in found), reverse=True)


def test_whoever_fits_too_little_does_not_hear() -> None:
    assert matcher(least=0.99).for_problem(problem(MARKET)) == []


def test_no_more_hear_of_a_problem_than_the_limit() -> None:
    assert len(matcher(least=0.0001, most=1).for_problem(problem(HOSPITAL))) == 1


def test_a_saved_search_is_heard_of_without_a_score_of_its_own() -> None:
    built = matcher()
    built.put(profile("khac", searches=(SavedSearch("Chợ búa", "cho"),)))
    match = {m.researcher_id: m for m in built.for_problem(problem(MARKET))}["khac"]
    assert (match.score, [(r.kind, r.label) for r in match.reasons]) == (0.0, [(ReasonKind.SAVED_SEARCH, "Chợ búa")])


def test_an_older_version_of_a_profile_changes_nothing() -> None:
    built = matcher()
    built.put(profile("cho", version=3))
    built.put(profile("cho", version=2, searches=(SavedSearch("cũ", "cho"),)))
    match = {m.researcher_id: m for m in built.for_problem(problem(MARKET))}["cho"]
    assert ReasonKind.SAVED_SEARCH not in {r.kind for r in match.reasons}


def test_a_profile_meets_the_open_problems_as_they_would_meet_it() -> None:
    built = matcher()
    problems = [problem(MARKET, number=1), problem(HOSPITAL, number=2)]
    ours = built.for_profile(profile("cho", version=2), problems)
    theirs = [m for p in problems for m in built.for_problem(p) if m.researcher_id == "cho"]
    assert ours == theirs


def test_the_same_pair_has_the_same_id_and_another_pair_another() -> None:
    assert match_id("p1", "r1") == match_id("p1", "r1")
    assert len({match_id("p1", "r1"), match_id("p1", "r2"), match_id("p2", "r1"), match_id("p", "1r1")}) == 4


def test_a_profile_meets_the_best_problems_and_whatever_it_searches_for() -> None:
    built = matcher(least=0.0001, most=1)
    problems = [problem(HOSPITAL, number=1), problem(MARKET, number=2), problem("Ngập ở chợ", number=3)]
    seeker = profile("cho", version=2, searches=(SavedSearch("Ngập", "ngap"),))
    found = built.for_profile(seeker, problems)
    assert [match.problem.title for match in found] == [MARKET, "Ngập ở chợ"]


def test_many_profiles_loaded_at_once_are_found_as_if_put_one_by_one() -> None:
    loaded = Matcher(LexicalEngine(), Limits(0.06, 50, 50))
    loaded.load([profile("cho", version=2, searches=(SavedSearch("Chợ", "cho"),)), profile("tom")])
    loaded.load([profile("cho", version=1)])
    assert loaded.size == 2
    assert [match.by_search for match in loaded.for_problem(problem(MARKET))] == [True]
