#include "common/text/fingerprint.h"

#include <gtest/gtest.h>

#include <string>

#include "common/text/stem.h"

namespace veche::text {
namespace {

uint64_t Of(absl::string_view text) { return Fingerprint(SearchTerms(text)); }

double Alike(absl::string_view a, absl::string_view b) {
  return FingerprintSimilarity(Of(a), Of(b));
}

TEST(FingerprintTest, IsOneForTheSameWords) {
  EXPECT_EQ(Alike("Яма на дороге у школы", "у ШКОЛЫ яма, на дороге!"), 1);
  EXPECT_EQ(Alike("Не горят фонари", "не горят фонарь"), 1);  // equal stems
}

TEST(FingerprintTest, BearsMisspeltWords) {
  const absl::string_view text = "Возле поликлиники прорвало водопроводную трубу, вода по колено";
  EXPECT_GT(Alike(text, "Возле поликленики прорвало водоправодную трубу, вода по калено"), 0.5);
  EXPECT_LT(Alike(text, "Автобус двадцать пять опять не приехал по расписанию"), 0.4);
}

TEST(FingerprintTest, KnowsNothingOfTextsWithoutWords) {
  for (absl::string_view text : {"", "и на", "🔥🔥", "\xFF\xFE"}) {
    EXPECT_EQ(Of(text), 0u) << text;
    EXPECT_EQ(Alike(text, text), 0) << text;
  }
}

TEST(FingerprintTest, IsStable) {
  // Fingerprints are stored: after a change old texts would not match new ones.
  EXPECT_EQ(Of("Яма на дороге"), 0xd7b1e3c374431826u);
  EXPECT_NE(Of(std::string(100'000, 'a')), 0u);
}

}  // namespace
}  // namespace veche::text
