package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"regexp"
	"time"

	"rightsdesk/internal/rights"
)

// claim files a claim by the public form, as the author of the essay would from
// a browser.
func (d *demonstration) claim(ctx context.Context) error {
	body, contentType, err := claimForm()
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+d.desk+"/claim", body)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", contentType)
	client := http.Client{Timeout: 30 * time.Second}
	resp, err := client.Do(req) // follows the redirect to the private page
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return err
	}
	receipt := receiptNumber.Find(page)
	if resp.StatusCode != http.StatusOK || receipt == nil {
		return fmt.Errorf("the claim was not taken in: status %d, page %.2000s", resp.StatusCode, page)
	}
	d.status = resp.Request.URL.String()
	fmt.Fprintf(d.out, "Claim        %s by 顾临川, who was not paid for 《老城的早市》\n", receipt)
	return nil
}

var receiptNumber = regexp.MustCompile(`RC\d{4}-\d{4,}`)

func claimForm() (body *bytes.Buffer, contentType string, err error) {
	body = new(bytes.Buffer)
	form := multipart.NewWriter(body)
	for _, field := range [][2]string{
		{"claimant.name", "顾临川"},
		{"claimant.kind", "person"},
		{"claimant.email", "gulinchuan@writers.example"},
		{"claimant.phone", "000-55550000"},
		{"claimant.address", "澜江省临江市东岸区柳条巷17号"},
		{"page", "老城的早市"},
		{"work.title", "老城的早市"},
		{"work.published", "2026-01-07"},
		{"work.details", "散文，2025年11月投给贵报副刊的原稿。"},
		{"wrongs", string(rights.WrongUnpaid)},
		{"asked", string(rights.RemedyPay)},
		{"details", "拙文1月7日已由贵报04版刊出，至今没有收到稿酬，也没有收到稿酬标准的通知。另外，小镇论坛上有人全文转贴，并非我授权。"},
		{"truth", "on"},
		{"consent", "on"},
		{"consent_id", "on"},
	} {
		if err := form.WriteField(field[0], field[1]); err != nil {
			return nil, "", err
		}
	}
	card, err := drawing()
	if err != nil {
		return nil, "", err
	}
	for _, file := range []struct {
		field, name string
		content     []byte
	}{
		{"proofs." + string(rights.ProofIdentity), "身份证明.png", card},
		{"proofs." + string(rights.ProofOwnership), "原稿.pdf", manuscript()},
	} {
		part, err := form.CreateFormFile(file.field, file.name)
		if err != nil {
			return nil, "", err
		}
		if _, err := part.Write(file.content); err != nil {
			return nil, "", err
		}
	}
	return body, form.FormDataContentType(), form.Close()
}

// drawing is a small PNG.
func drawing() ([]byte, error) {
	img := image.NewGray(image.Rect(0, 0, 86, 54)) // the shape of an identity card
	for x := range 86 {
		for y := range 54 {
			if x > 60 && y > 10 && y < 44 {
				img.SetGray(x, y, color.Gray{Y: 90})
				continue
			}
			img.SetGray(x, y, color.Gray{Y: 230})
		}
	}
	var b bytes.Buffer
	err := png.Encode(&b, img)
	return b.Bytes(), err
}

// manuscript is a PDF of one page.
func manuscript() []byte {
	text := "BT /F1 18 Tf 72 770 Td (Morning market in the old town, manuscript, Gu Linchuan) Tj ET"
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var offsets []int
	for i, object := range []string{
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
		fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(text), text),
	} {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, at := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	return b.Bytes()
}
