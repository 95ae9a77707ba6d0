#include "services/appeals/media/media.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/testing/status_matchers.h"

namespace veche::appeals {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::Not;

// Bytes in memory instead of a folder.
class StringWriter final : public blob::Writer {
 public:
  absl::Status Append(absl::string_view bytes) override {
    content_.append(bytes.data(), bytes.size());
    return absl::OkStatus();
  }
  absl::Status Patch(int64_t offset, absl::string_view bytes) override {
    content_.replace(static_cast<size_t>(offset), bytes.size(), std::string(bytes));
    return absl::OkStatus();
  }
  absl::StatusOr<blob::Blob> Commit() override { return absl::UnimplementedError("not here"); }
  int64_t size_bytes() const override { return static_cast<int64_t>(content_.size()); }
  const std::string& content() const { return content_; }

 private:
  std::string content_;
};

struct Result {
  absl::Status status;
  std::string type;
  std::string content;
};

Result FilterInPieces(absl::string_view file, absl::string_view declared, size_t piece) {
  StringWriter out;
  MediaFilter filter(declared, out);
  absl::Status status;
  for (size_t at = 0; at < file.size() && status.ok(); at += piece) {
    status = filter.Append(file.substr(at, piece));
  }
  if (status.ok()) status = filter.Finish();
  return {status, std::string(filter.content_type()), out.content()};
}

// The result is the same for every division of a file into pieces.
Result Filter(absl::string_view file, absl::string_view declared = "") {
  Result whole = FilterInPieces(file, declared, file.size() + 1);
  for (size_t piece : {1, 2, 7, 1000}) {
    Result pieces = FilterInPieces(file, declared, piece);
    EXPECT_EQ(pieces.status.code(), whole.status.code()) << piece;
    if (whole.status.ok()) {
      EXPECT_EQ(pieces.content, whole.content) << piece;
    }
  }
  return whole;
}

// No prefix of a file is accepted as a whole file, or crashes the filter.
void ExpectNoPrefixPasses(absl::string_view file) {
  for (size_t size = 0; size < file.size(); ++size) {
    EXPECT_FALSE(FilterInPieces(file.substr(0, size), "", 5).status.ok()) << size;
  }
}

std::string Hex(absl::string_view hex) {
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    while (hex[i] == ' ') ++i;
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

std::string Big(uint64_t number, int count) {
  std::string bytes;
  while (count-- > 0) {
    bytes.push_back(count < 8 ? static_cast<char>(number >> (8 * count) & 0xFF) : '\0');
  }
  return bytes;
}
std::string Little(uint64_t number, int count) {
  std::string bytes = Big(number, count);
  return {bytes.rbegin(), bytes.rend()};
}

const std::string kSoi = Hex("FFD8"), kEoi = Hex("FFD9");

std::string Segment(int marker, absl::string_view body) {
  return absl::StrCat(Hex("FF"), Big(static_cast<uint64_t>(marker), 1), Big(body.size() + 2, 2),
                      body);
}
std::string Jfif() { return Segment(0xE0, absl::string_view("JFIF\0\1\1\0\0\1\0\1\0\0", 14)); }
std::string Frame() { return Segment(0xC0, Hex("08000100010101110000")); }
std::string Scan() { return Segment(0xDA, Hex("0101000000")) + Hex("1234FF00FFD056"); }
// "Exif", a TIFF with the orientation and a place.
std::string Exif(bool big, int orientation) {
  auto number = [&](uint64_t value, int count) {
    return big ? Big(value, count) : Little(value, count);
  };
  return Segment(0xE1, absl::StrCat(absl::string_view("Exif\0\0", 6), big ? "MM" : "II",
                                    number(42, 2), number(8, 4), number(2, 2),
                                    // Make, ASCII
                                    number(0x010F, 2), number(2, 2), number(4, 4), "SONY",
                                    // Orientation, SHORT
                                    number(0x0112, 2), number(3, 2), number(1, 4),
                                    number(static_cast<uint64_t>(orientation), 2), number(0, 2),
                                    number(0, 4), "GPS 55.79 49.11"));
}
std::string MinimalExif(int orientation) {
  return Segment(0xE1, absl::StrCat(absl::string_view("Exif\0\0MM\0*\0\0\0\x08\0\1", 16),
                                    Hex("0112000300000001"), Big(0, 1),
                                    Big(static_cast<uint64_t>(orientation), 1), Big(0, 6)));
}

TEST(JpegTest, LosesAllMetadataButTheOrientation) {
  std::string icc = Segment(0xE2, absl::string_view("ICC_PROFILE\0\1\1profile", 21));
  std::string adobe = Segment(0xEE, "Adobe12345");
  std::string tables = Segment(0xDB, std::string(65, 'q')) + Segment(0xC4, std::string(20, 'h'));
  std::string file = absl::StrCat(
      kSoi, Jfif(), Exif(true, 6), Segment(0xE1, "http://ns.adobe.com/xap/1.0/ place"),
      Segment(0xED, "Photoshop place"), Segment(0xFE, "comment place"), icc,
      Segment(0xE2, "MPF place"), Segment(0xE0, "JFXX thumbnail place"), adobe, tables, Frame(),
      Scan(), Hex("FFFF"), Segment(0xC4, "h2").substr(1), Scan(), kEoi, "trailing place");
  Result result = Filter(file, "image/jpeg");
  ASSERT_OK(result.status);
  EXPECT_EQ(result.type, "image/jpeg");
  EXPECT_EQ(result.content, absl::StrCat(kSoi, Jfif(), MinimalExif(6), icc, adobe, tables, Frame(),
                                         Scan(), Segment(0xC4, "h2"), Scan(), kEoi));
  EXPECT_THAT(result.content, Not(HasSubstr("place")));
  // The filter accepts its own output without a change.
  EXPECT_EQ(Filter(result.content).content, result.content);
}

TEST(JpegTest, ReadsTheOrientationOfBothByteOrders) {
  for (bool big : {true, false}) {
    for (int orientation = 0; orientation <= 9; ++orientation) {
      std::string file =
          absl::StrCat(kSoi, Exif(big, orientation), Exif(big, orientation), Frame(), Scan(), kEoi);
      std::string kept = orientation >= 2 && orientation <= 8 ? MinimalExif(orientation) : "";
      EXPECT_EQ(Filter(file).content, absl::StrCat(kSoi, kept, Frame(), Scan(), kEoi))
          << orientation;
    }
  }
}

TEST(JpegTest, SurvivesHostileExif) {
  std::string tiff = Exif(true, 6).substr(10);
  for (const std::string& bad :
       {std::string(), tiff.substr(0, 7), tiff.substr(0, 20), std::string("XX") + tiff.substr(2),
        tiff.substr(0, 4) + Hex("FFFFFFFF"), tiff.substr(0, 4) + Hex("00000008FFFF")}) {
    std::string exif = Segment(0xE1, absl::StrCat(absl::string_view("Exif\0\0", 6), bad));
    EXPECT_EQ(Filter(absl::StrCat(kSoi, exif, Frame(), Scan(), kEoi)).content,
              absl::StrCat(kSoi, Frame(), Scan(), kEoi));
  }
}

TEST(JpegTest, RefusesWhatIsDamaged) {
  ExpectNoPrefixPasses(absl::StrCat(kSoi, Jfif(), Exif(true, 6), Frame(), Scan(), kEoi));
  for (const std::string& bad :
       {kSoi + kEoi + std::string(20, ' '), kSoi + Frame() + kEoi, kSoi + Scan() + kEoi,
        kSoi + Hex("FFE00001") + std::string(20, ' '), kSoi + Hex("FFE00000") + Frame(),
        kSoi + Jfif() + "garbage that is no marker", kSoi + Jfif() + kSoi + Frame() + Scan(),
        kSoi + Hex("FF01") + Frame() + Scan() + kEoi,
        kSoi + Hex("FFFEFFFF") + std::string(70'000, 'x')}) {
    EXPECT_THAT(Filter(bad).status, HasReason("FILE_DAMAGED"));
  }
}

const std::string kPngSignature = Hex("89504E470D0A1A0A");

std::string Chunk(absl::string_view type, absl::string_view data) {
  return absl::StrCat(Big(data.size(), 4), type, data, "CRC!");
}
std::string PngHeader() { return Chunk("IHDR", std::string(13, '\1')); }

TEST(PngTest, LosesTextTimeAndUnknownChunks) {
  std::string file = absl::StrCat(
      kPngSignature, PngHeader(), Chunk("gAMA", "1234"), Chunk("tEXt", "place"),
      Chunk("zTXt", "place"), Chunk("iTXt", "place"), Chunk("eXIf", "place"),
      Chunk("tIME", "1234567"), Chunk("prVt", "place"), Chunk("PLTE", "rgb"),
      Chunk("IDAT", std::string(5000, 'd')), Chunk("IDAT", ""), Chunk("IEND", ""), "place");
  Result result = Filter(file, "image/png");
  ASSERT_OK(result.status);
  EXPECT_EQ(result.type, "image/png");
  EXPECT_EQ(
      result.content,
      absl::StrCat(kPngSignature, PngHeader(), Chunk("gAMA", "1234"), Chunk("PLTE", "rgb"),
                   Chunk("IDAT", std::string(5000, 'd')), Chunk("IDAT", ""), Chunk("IEND", "")));
}

TEST(PngTest, RefusesWhatIsDamaged) {
  std::string good = absl::StrCat(kPngSignature, PngHeader(), Chunk("tEXt", "t"),
                                  Chunk("IDAT", "d"), Chunk("IEND", ""));
  ASSERT_OK(Filter(good).status);
  ExpectNoPrefixPasses(good);
  for (const std::string& bad :
       {absl::StrCat(kPngSignature, Chunk("IDAT", "d"), Chunk("IEND", "")),
        absl::StrCat(kPngSignature, Chunk("IHDR", "short"), Chunk("IDAT", "d"), Chunk("IEND", "")),
        absl::StrCat(kPngSignature, PngHeader(), PngHeader(), Chunk("IDAT", "d")),
        absl::StrCat(kPngSignature, PngHeader(), Chunk("IEND", "")),
        absl::StrCat(kPngSignature, PngHeader(), Chunk("IDAT", "d"), Chunk("IEND", "x")),
        absl::StrCat(kPngSignature, PngHeader(), Chunk("EVIL", "d"), Chunk("IEND", "")),
        absl::StrCat(kPngSignature, PngHeader(), Chunk(Hex("00000000"), "d")),
        absl::StrCat(kPngSignature, PngHeader(), Hex("FFFFFFFF"), "IDAT", "d"),
        absl::StrCat(kPngSignature, PngHeader(), Hex("7FFFFFFF"), "tEXt", "d")}) {
    EXPECT_THAT(Filter(bad).status, HasReason("FILE_DAMAGED"));
  }
}

std::string RiffChunk(absl::string_view type, absl::string_view data) {
  return absl::StrCat(type, Little(data.size(), 4), data, data.size() % 2 == 1 ? Big(0, 1) : "");
}
std::string Webp(absl::string_view chunks) {
  return absl::StrCat("RIFF", Little(chunks.size() + 4, 4), "WEBP", chunks);
}
std::string Extended(int flags) {
  return RiffChunk("VP8X", absl::StrCat(Little(static_cast<uint64_t>(flags), 1), Big(0, 9)));
}

TEST(WebpTest, LosesExifAndXmpAndTellsItsNewSize) {
  std::string file = absl::StrCat(
      Webp(absl::StrCat(Extended(0x3C), RiffChunk("ICCP", "icc"), RiffChunk("ALPH", "a"),
                        RiffChunk("VP8 ", "odd"), RiffChunk("EXIF", "place"),
                        RiffChunk("XMP ", "place"), RiffChunk("what", "place"))),
      "trailing place");
  Result result = Filter(file, "image/webp");
  ASSERT_OK(result.status);
  EXPECT_EQ(result.type, "image/webp");
  EXPECT_EQ(result.content, Webp(absl::StrCat(Extended(0x30), RiffChunk("ICCP", "icc"),
                                              RiffChunk("ALPH", "a"), RiffChunk("VP8 ", "odd"))));
}

TEST(WebpTest, TakesSimpleAndAnimatedFiles) {
  for (const std::string& file :
       {Webp(RiffChunk("VP8 ", "picture")), Webp(RiffChunk("VP8L", "picture")),
        Webp(absl::StrCat(Extended(0x02), RiffChunk("ANIM", "123456"), RiffChunk("ANMF", "f")))}) {
    Result result = Filter(file);
    ASSERT_OK(result.status);
    EXPECT_EQ(result.content, file);
  }
}

TEST(WebpTest, AddsThePaddingThatIsMissingAtTheEnd) {
  std::string chunks = absl::StrCat("VP8 ", Little(3, 4), "odd");
  Result result = Filter(Webp(chunks));
  ASSERT_OK(result.status);
  EXPECT_EQ(result.content, Webp(RiffChunk("VP8 ", "odd")));
}

TEST(WebpTest, RefusesWhatIsDamaged) {
  ExpectNoPrefixPasses(
      Webp(absl::StrCat(Extended(8), RiffChunk("VP8 ", "1234"), RiffChunk("EXIF", "12"))));
  for (const std::string& bad :
       {Webp(RiffChunk("EXIF", "12345678")), Webp(Extended(0)), Webp("VP8 "),
        Webp(absl::StrCat("VP8 ", Little(0xFFFFFFFF, 4), "12")),
        Webp(absl::StrCat("VP8 ", Little(100, 4), "1234567890")),
        Webp(absl::StrCat(Extended(0), Extended(0), RiffChunk("VP8 ", "12"))),
        Webp(absl::StrCat(RiffChunk("VP8X", "1234"), RiffChunk("VP8 ", "1234567890"))),
        absl::StrCat("RIFF", Little(0, 4), "WEBP", RiffChunk("VP8 ", "12")),
        absl::StrCat("RIFF", Little(0xFFFFFFFF, 4), "WEBP", RiffChunk("VP8 ", "12"))}) {
    EXPECT_THAT(Filter(bad).status, HasReason("FILE_DAMAGED"));
  }
}

std::string Box(absl::string_view type, absl::string_view content) {
  return absl::StrCat(Big(content.size() + 8, 4), type, content);
}
std::string FileType() { return Box("ftyp", absl::StrCat("isom", Big(512, 4), "mp41")); }
std::string Blank(size_t size) { return Box("free", std::string(size, '\0')); }

TEST(Mp4Test, BlanksMetadataAndKeepsEveryOffset) {
  auto movie = [](const std::string& data, const std::string& track_data) {
    return Box("moov",
               absl::StrCat(Box("mvhd", "header"),
                            Box("trak", absl::StrCat(Box("mdia", "udta"), track_data)), data));
  };
  std::string large_data = absl::StrCat(Big(1, 4), "mdat", Big(16 + 5, 8), "video");
  std::string file =
      absl::StrCat(FileType(), large_data, movie(Box("udta", "place"), Box("meta", "place")),
                   Box("uuid", "place"), Big(0, 4), "mdat", "to the end");
  Result result = Filter(file, "video/mp4");
  ASSERT_OK(result.status);
  EXPECT_EQ(result.type, "video/mp4");
  EXPECT_EQ(result.content, absl::StrCat(FileType(), large_data, movie(Blank(5), Blank(5)),
                                         Blank(5), Big(0, 4), "mdat", "to the end"));
}

TEST(Mp4Test, RefusesWhatIsDamaged) {
  std::string good = absl::StrCat(FileType(), Box("mdat", "video"),
                                  Box("moov", Box("trak", Box("mdia", "d"))), Box("free", ""));
  ASSERT_OK(Filter(good).status);
  EXPECT_THAT(Filter(good.substr(0, good.size() - 9)).status, HasReason("FILE_DAMAGED"));
  for (const std::string& bad :
       {FileType() + Box("mdat", "video"), FileType() + Box("moov", Hex("00000004") + "trak"),
        FileType() + Box("moov", Hex("00000000") + "trak"),
        FileType() + Hex("00000000") + "moov" + Box("udta", "place"),
        FileType() + Box("moov", Hex("00000100") + "trak"),
        FileType() + Box("moov", Hex("00000001") + "trak" + Hex("FFFFFFFFFFFFFFFF")),
        FileType() + Hex("7FFFFFFF") + "moov"}) {
    EXPECT_THAT(Filter(bad).status, HasReason("FILE_DAMAGED"));
  }
}

TEST(MediaTest, KnowsTypesByContent) {
  EXPECT_EQ(TypeByContent(absl::StrCat(Big(24, 4), "ftypqt  ")), "video/quicktime");
  EXPECT_EQ(TypeByContent("%PDF-1.7"), "application/pdf");
  for (absl::string_view other :
       {"", "R", "RIFF1234", "RIFF1234WAVE", "GIF89a", "MZ", "<svg xmlns=", "\xFF\xD8", "%PD"}) {
    EXPECT_EQ(TypeByContent(other), "") << other;
  }
  for (absl::string_view brand : {"heic", "mif1", "avif", "M4A "}) {
    EXPECT_EQ(TypeByContent(absl::StrCat(Big(24, 4), "ftyp", brand)), "") << brand;
  }
}

TEST(MediaTest, TakesTheDeclaredTypeOnlyWhenTheContentIsOfIt) {
  std::string png = absl::StrCat(kPngSignature, PngHeader(), Chunk("IDAT", "d"), Chunk("IEND", ""));
  for (absl::string_view declared :
       {"", "image/png", "IMAGE/PNG; charset=x", "application/octet-stream"}) {
    EXPECT_OK(Filter(png, declared).status) << declared;
  }
  for (absl::string_view declared : {"image/jpeg", "image/jpg", "text/plain", "application/pdf"}) {
    EXPECT_THAT(Filter(png, declared).status, HasReason("FILE_TYPE_MISMATCH")) << declared;
  }
  for (absl::string_view declared : {"image/gif", "text/html", "image/svg+xml", "nonsense"}) {
    EXPECT_THAT(Filter(png, declared).status, HasReason("FILE_TYPE_NOT_TAKEN")) << declared;
  }
  EXPECT_THAT(Filter("just words", "image/png").status, HasReason("FILE_TYPE_MISMATCH"));
  EXPECT_THAT(Filter("just words", "").status, HasReason("FILE_TYPE_NOT_TAKEN"));
  EXPECT_THAT(Filter("MZ\x90 a program of some kind").status, HasReason("FILE_TYPE_NOT_TAKEN"));
}

TEST(MediaTest, LeavesPdfAlone) {
  std::string pdf = "%PDF-1.7\n" + std::string(100'000, 'x');
  Result result = Filter(pdf, "application/pdf");
  ASSERT_OK(result.status);
  EXPECT_EQ(result.content, pdf);
}

TEST(MediaTest, TakesTextThatIsText) {
  for (const std::string& text :
       {std::string("a"), std::string("Яма на дороге\r\n\t😀 — да\n"), std::string(50'000, 'y')}) {
    Result result = Filter(text, "text/plain; charset=utf-8");
    ASSERT_OK(result.status);
    EXPECT_EQ(result.type, "text/plain");
    EXPECT_EQ(result.content, text);
  }
  for (const std::string& bad :
       {std::string("a\0b", 3), std::string("a\x1b[31m"), std::string("\xFF\xFE"),
        std::string("\xD0"), std::string("long enough to begin \xE2\x82"),
        std::string("long enough to begin \xED\xA0\x80 so")}) {
    EXPECT_THAT(Filter(bad, "text/plain").status, HasReason("FILE_DAMAGED"));
  }
}

TEST(MediaTest, RefusesEmptyFiles) {
  for (absl::string_view declared : {"", "text/plain", "image/png"}) {
    EXPECT_THAT(Filter("", declared).status, HasReason("FILE_EMPTY"));
  }
}

TEST(MediaTest, PassesTheWritersErrorsOn) {
  class FullWriter final : public blob::Writer {
   public:
    absl::Status Append(absl::string_view) override { return absl::ResourceExhaustedError("full"); }
    absl::Status Patch(int64_t, absl::string_view) override { return absl::OkStatus(); }
    absl::StatusOr<blob::Blob> Commit() override { return blob::Blob{}; }
    int64_t size_bytes() const override { return 0; }
  };
  FullWriter out;
  MediaFilter filter("", out);
  EXPECT_THAT(filter.Append(absl::StrCat(kSoi, Jfif(), Frame(), Scan(), kEoi)),
              testing::StatusIs(absl::StatusCode::kResourceExhausted));
}

}  // namespace
}  // namespace veche::appeals
