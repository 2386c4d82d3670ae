/* html - what the parts of the HTML report share.  For report/html*.c alone. */
#ifndef GB_REPORT_HTML_H
#define GB_REPORT_HTML_H

#include "base/asset.h"

/* page.html, page.css and page.js. */
extern const struct gb_asset gb_html_assets[];
extern const size_t gb_html_assets_n;

#endif
