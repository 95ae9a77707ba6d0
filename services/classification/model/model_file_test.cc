#include "services/classification/model/model_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <limits>

#include "common/testing/status_matchers.h"
#include "services/classification/testing/test_model.h"

namespace veche::classification {
namespace {

using ::testing::HasSubstr;
using ::veche::testing::StatusIs;

const std::string& Bytes() {
  static const auto* const bytes =
      new std::string(SerializeModel(*TrainModel(TwoTopics(), {.source = "test"})));
  return *bytes;
}

std::string Problem(absl::string_view bytes) {
  return std::string(ParseModel(bytes).status().message());
}

TEST(ModelFileTest, KeepsEverything) {
  const auto model = ParseModel(Bytes());
  ASSERT_OK(model);
  EXPECT_EQ(SerializeModel(*model), Bytes());
  EXPECT_EQ(model->parts().report.source, "test");
  EXPECT_EQ(model->parts().report.examples, 10u);
  EXPECT_EQ(model->version().size(), 12u);
}

TEST(ModelFileTest, SaysWhyAFileIsRefused) {
  EXPECT_THAT(Problem(""), HasSubstr("not a Veche model"));
  EXPECT_THAT(Problem("PK\x03\x04 something else"), HasSubstr("not a Veche model"));
  EXPECT_THAT(Problem(Bytes().substr(0, 20)), HasSubstr("cut short"));
  std::string newer = Bytes();
  newer[8] = 3;
  EXPECT_THAT(Problem(newer), HasSubstr("format 3"));
  std::string other = Bytes();
  other[12] = 9;
  EXPECT_THAT(Problem(other), HasSubstr("feature set 9"));
}

TEST(ModelFileTest, NoticesEveryCutAndChange) {
  for (size_t size = 0; size < Bytes().size(); size += 997) {
    EXPECT_FALSE(ParseModel(absl::string_view(Bytes()).substr(0, size)).ok()) << size;
  }
  for (size_t i = 0; i < Bytes().size(); i += 1'009) {
    std::string changed = Bytes();
    changed[i] = static_cast<char>(changed[i] ^ 0x40);
    EXPECT_FALSE(ParseModel(changed).ok()) << i;
  }
}

// An invalid model with a valid checksum, as a faulty trainer would write it.
TEST(ModelFileTest, RefusesNumbersThatAreNone) {
  const auto model = ParseModel(Bytes());
  ASSERT_OK(model);
  const Model::Parts& parts = model->parts();
  const ModelArrays arrays = {.hashes = {parts.hashes.begin(), parts.hashes.end()},
                              .rarity = {parts.rarity.begin(), parts.rarity.end()},
                              .scales = {parts.scales.begin(), parts.scales.end()},
                              .biases = {parts.biases.begin(), parts.biases.end()},
                              .rows = {parts.rows.begin(), parts.rows.end()}};
  EXPECT_OK(BuildModel(parts, arrays));
  constexpr float kNothing = std::numeric_limits<float>::quiet_NaN();
  constexpr float kTooMuch = std::numeric_limits<float>::infinity();
  const std::function<void(Combination&)> changes[] = {
      [](Combination& c) { c.topic[0] = kNothing; },
      [](Combination& c) { c.group[2] = kTooMuch; },
      [](Combination& c) { c.department[1] = kNothing; },
      [](Combination& c) { c.confidence[kTopic].slope = kTooMuch; },
      [](Combination& c) { c.confidence[kDepartment].offset = kNothing; },
      [](Combination& c) { c.bias[kGroup][0] = kNothing; },
      [](Combination& c) { c.places[0].topics[0] = kNothing; },
  };
  for (const auto& change : changes) {
    Model::Parts changed = parts;
    change(changed.combination);
    EXPECT_THAT(BuildModel(std::move(changed), arrays),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST(ModelFileTest, GoesThroughAFile) {
  const std::string path = ::testing::TempDir() + "/veche_model_file_test.bin";
  ASSERT_OK(WriteModelFile(*ParseModel(Bytes()), path));
  EXPECT_OK(ReadModelFile(path));
  std::filesystem::remove(path);
  EXPECT_THAT(ReadModelFile(path), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(WriteModelFile(*ParseModel(Bytes()), "/nowhere/model.bin"),
              StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace veche::classification
