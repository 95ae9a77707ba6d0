#include "services/issuer/domain/poll.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace veche::issuer {
namespace {

using veche::testing::HasReason;

const absl::Time kOpen = absl::FromUnixSeconds(100);
const absl::Time kClose = absl::FromUnixSeconds(200);

// The violations of a poll, serialised: the names of the fields are in it.
std::string Faults(const Poll& poll) {
  Violations violations;
  CheckPoll(poll, violations);
  return violations.Serialize();
}

TEST(PollTest, EveryInvalidFieldIsNamed) {
  EXPECT_EQ(Faults({.id = "01jd-a_b", .open_time = kOpen, .close_time = kClose}), "");
  const std::string faults = Faults({.id = "polls/1",
                                     .eligibility = {.min_age = -1, .districts = {"centre"}},
                                     .open_time = kClose,
                                     .close_time = kClose});
  for (const char* field : {"poll", "eligibility.minAge", "eligibility.districts", "closeTime"}) {
    EXPECT_THAT(faults, ::testing::HasSubstr(field));
  }
  for (const std::string& id : {std::string(), std::string(33, 'a'), std::string("Ab")}) {
    EXPECT_THAT(Faults({.id = id, .open_time = kOpen, .close_time = kClose}),
                ::testing::HasSubstr("poll"))
        << id;
  }
}

TEST(PollTest, DistrictsAreNames) {
  const auto faults = [](const std::string& district) {
    return Faults({.id = "p",
                   .eligibility = {.districts = {district}},
                   .open_time = kOpen,
                   .close_time = kClose});
  };
  EXPECT_EQ(faults("districts/vakhitovsky"), "");
  // Names are stored one on a line.
  for (const std::string& name :
       {std::string("districts/"), std::string("districts/a\ndistricts/b"), std::string("centre"),
        std::string("districts/A"), "districts/" + std::string(64, 'a')}) {
    EXPECT_THAT(faults(name), ::testing::HasSubstr("eligibility.districts")) << name;
  }
}

TEST(PollTest, IsOpenFromItsOpenTimeUntilItsCloseTime) {
  const Poll poll{.id = "p", .open_time = kOpen, .close_time = kClose};
  EXPECT_THAT(CheckOpen(poll, kOpen - absl::Microseconds(1)), HasReason("POLL_NOT_OPEN"));
  EXPECT_OK(CheckOpen(poll, kOpen));
  EXPECT_OK(CheckOpen(poll, kClose - absl::Microseconds(1)));
  EXPECT_THAT(CheckOpen(poll, kClose), HasReason("POLL_CLOSED"));
}

}  // namespace
}  // namespace veche::issuer
