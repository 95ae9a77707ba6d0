#include "services/directory/domain/phone_number.h"

#include <gtest/gtest.h>

namespace veche::directory {
namespace {

TEST(PhoneNumberTest, LinksThatPhonesCall) {
  struct Case {
    const char* number;
    const char* link;
  };
  for (const Case& c :
       {Case{"+7 (843) 299-13-00", "tel:+78432991300"}, Case{"8 843 299 13 00", "tel:+78432991300"},
        Case{"+380 44 235 10 00", "tel:+380442351000"}, Case{"112", "tel:112"},
        Case{"2-13-00", "tel:21300"}, Case{"8 800 100-00-00 доб. 12", "tel:+78001000000;ext=12"},
        Case{"+7 843 299-13-00 ext 7", "tel:+78432991300;ext=7"},
        Case{"+7 843 299-13-00, 105", "tel:+78432991300;ext=105"}}) {
    EXPECT_TRUE(IsPhoneNumber(c.number)) << c.number;
    EXPECT_EQ(TelLink(c.number), c.link);
  }
}

TEST(PhoneNumberTest, RefusesWhatIsNoPhone) {
  for (const char* text : {"", "1", "call me", "+7 843 299-13-00; +7 843 299-13-01",
                           "12345678901234567", "+7 843 299-13-00 доб.", "+7 843 299-13-00 ext. x",
                           "++7", "javascript:1", "+7 843 299-13-00 ext. 123456789"}) {
    EXPECT_FALSE(IsPhoneNumber(text)) << text;
  }
}

}  // namespace
}  // namespace veche::directory
