package carrier

import "net/http"

// FixedHealthy is Healthy with the body closed, so that the connection is
// free again.
func (c *Client) FixedHealthy() bool {
	resp, err := c.http.Get(c.url + "/health")
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}
